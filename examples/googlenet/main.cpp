#include <taxon/app/model/entry.hpp>
#include <taxon/app/picture/program.hpp>

int main(int argc, char** argv) {
    return taxon::app::classifier_main(
        argc, argv,
        {.name = "googlenet",
         .entries = taxon::app::built_models(),
         .tensor_note = "v1 wants levels from -1 to 1, mean and deviation 0.5: torchvision's published weights were "
                        "trained with transform_input, which turns a tensor normalised with ImageNet's statistics into "
                        "that. Weights trained without it want the variant v1-imagenet and ImageNet's statistics"});
}
