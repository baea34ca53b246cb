#include "variants.hpp"
#include <taxon/app/detector/program.hpp>

namespace {

/// Variant by variant, each in all sizes.
template <int... Sizes>
std::vector<taxon::app::ModelEntry> entries() {
    return taxon::app::entries<TAXON_MODELS, N<Sizes>..., S<Sizes>..., M<Sizes>..., L<Sizes>..., X<Sizes>...>();
}

}  // namespace

int main(int argc, char** argv) {
    const auto all = entries<TAXON_SIZES>();
    return taxon::app::detector_main(argc, argv, {.name = "yolov5", .entries = all});
}
