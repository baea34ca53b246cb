#include <taxon/app/model/embedded.hpp>
#include <taxon/app/model/entry.hpp>
#include <taxon/app/picture/program.hpp>

int main(int argc, char** argv) {
    return taxon::app::classifier_main(argc, argv,
                                       {.name = "efficientnet_lite",
                                        .entries = taxon::app::built_models(),
                                        .embedded = taxon::app::embedded_file(),
                                        .embedded_variant = taxon::app::embedded_variant(),
                                        .embedded_labels = taxon::app::embedded_labels()});
}
