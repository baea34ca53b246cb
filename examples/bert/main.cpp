#include "variants.hpp"
#include <taxon/app/text/program.hpp>

int main(int argc, char** argv) {
    const auto offers = taxon::app::offers<TAXON_MODELS, MiniLmL6, BaseCased, BaseUncased>();
    return taxon::app::text_main(argc, argv, {.name = "bert", .offers = offers});
}
