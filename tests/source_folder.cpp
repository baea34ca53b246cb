#include "source_folder.hpp"

std::filesystem::path source_folder() { return TAXON_SOURCE_DIR; }
