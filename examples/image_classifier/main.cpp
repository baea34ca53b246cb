#include <taxon/app/model/entry.hpp>
#include <taxon/app/picture/program.hpp>

int main(int argc, char** argv) {
    return taxon::app::classifier_main(argc, argv, {.name = "image_classifier", .entries = taxon::app::built_models()});
}
