#include <taxon/app/model/entry.hpp>
#include <taxon/app/picture/program.hpp>

int main(int argc, char** argv) {
    return taxon::app::classifier_main(
        argc, argv,
        {.name = "googlenet",
         .entries = taxon::app::built_models(),
         .tensor_note = "v1 expects pixels normalised to -1 to 1 (mean and standard deviation 0.5): torchvision's "
                        "published weights were trained with transform_input, which converts ImageNet's normalisation "
                        "to that. For weights trained without it, use v1-imagenet, which expects ImageNet's "
                        "normalisation"});
}
