#include "variants.hpp"
#include <taxon/app/picture/program.hpp>
#include <taxon/app/model/embedded.hpp>

int main(int argc, char** argv) {
    const auto entries = taxon::app::entries<TAXON_MODELS, Small, Large, SmallKuanWang, SmallCifar10>();
    return taxon::app::classifier_main(argc, argv,
                                       {.name = "mobilenet_v3",
                                        .entries = entries,
                                        .embedded = taxon::app::embedded_file(),
                                        .embedded_variant = SmallCifar10::name,
                                        .embedded_labels = cifar10_labels});
}
