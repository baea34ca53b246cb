#include "variants.hpp"
#include <taxon/app/picture/program.hpp>

int main(int argc, char** argv) {
    const auto offers = taxon::app::offers<TAXON_MODELS, V1>();
    return taxon::app::classifier_main(argc, argv, {.name = "googlenet", .offers = offers});
}
