#pragma once
#include <filesystem>

/// The root of the checkout. Compiled in one file: a definition on every command line would keep a compiler cache from
/// serving two checkouts.
std::filesystem::path source_folder();
