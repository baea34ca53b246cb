#include "variants.hpp"
#include <taxon/app/detector/program.hpp>

int main(int argc, char** argv) {
    const auto entries = taxon::app::entries<TAXON_MODELS, PyTorch, Darknet>();
    return taxon::app::detector_main(argc, argv, {.name = "yolov3", .entries = entries});
}
