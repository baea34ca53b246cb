// The three likeliest classes of each image.
#include <cstdio>
#include <taxon/eval/labels.hpp>
#include <taxon/io/weight_file.hpp>
#include <taxon/model.hpp>
#include <taxon/preprocess/image_file.hpp>
#include <taxon/preprocess/image_net.hpp>
#include <taxon/task/classify.hpp>
#include <taxon/zoo/mobilenet_v3.hpp>

using Classifier = taxon::Model<taxon::zoo::MobileNetV3Small<1000>, taxon::preprocess::ImageNet<224>>;

int main(int argc, char** argv) try {
    if (argc < 4) return std::puts("classify WEIGHTS LABELS IMAGE…"), 2;
    const auto model = Classifier::load(argv[1]);  // .pth, .safetensors or a folder in Hugging Face layout
    const auto labels = taxon::eval::read_labels(argv[2]);
    for (int i = 3; i < argc; ++i)
        for (const auto& [label, probability, index] :
             taxon::task::classify(model, argv[i], {.top = 3, .labels = labels}))
            std::printf("%s  %5.1f%%  %s (class %d)\n", argv[i], 100 * probability, label.c_str(), index);
} catch (const taxon::Error& error) { return std::fprintf(stderr, "%s\n", error.what()), 1; }
