#include "variants.hpp"
#include <taxon/app/picture/program.hpp>

int main(int argc, char** argv) {
    const auto entries = taxon::app::entries<TAXON_MODELS, V1>();
    return taxon::app::classifier_main(argc, argv, {.name = "googlenet", .entries = entries});
}
