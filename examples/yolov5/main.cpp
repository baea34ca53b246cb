#include <taxon/app/model/entry.hpp>
#include <taxon/app/detector/program.hpp>

int main(int argc, char** argv) {
    return taxon::app::detector_main(argc, argv, {.name = "yolov5", .entries = taxon::app::built_models()});
}
