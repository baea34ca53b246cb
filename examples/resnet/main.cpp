#include "variants.hpp"
#include <taxon/app/picture/program.hpp>

int main(int argc, char** argv) {
    const auto entries = taxon::app::entries<TAXON_MODELS, ResNet50, ResNet18, ResNet34, ResNet101, ResNet152>();
    return taxon::app::classifier_main(argc, argv, {.name = "resnet", .entries = entries});
}
