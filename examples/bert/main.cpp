#include "variants.hpp"
#include <taxon/app/text/program.hpp>

int main(int argc, char** argv) {
    const auto entries = taxon::app::entries<TAXON_MODELS, MiniLmL6, BaseCased, BaseUncased>();
    return taxon::app::text_main(argc, argv, {.name = "bert", .entries = entries});
}
