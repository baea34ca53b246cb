#include "variants.hpp"
#include <taxon/app/detector/program.hpp>

int main(int argc, char** argv) {
    const auto offers = taxon::app::offers<TAXON_MODELS, PyTorch, Darknet>();
    return taxon::app::detector_main(argc, argv, {.name = "yolov3", .offers = offers});
}
