#include <taxon/preprocess/geometry.hpp>

#include <utility>

#include "catch.hpp"

using taxon::Image;
using namespace taxon::preprocess;

static_assert(GeometryStep<Resize<3>> && GeometryStep<ResizeShorter<3>> && GeometryStep<CenterCrop<3>> &&
              !GeometryStep<int>);

namespace {

Image numbered(int height, int width) {
    Image image{height, width, {}};
    for (int i = 0; i < height * width; ++i)
        for (int channel = 0; channel < 3; ++channel) image.pixels.push_back(static_cast<std::uint8_t>(i + 1));
    return image;
}

template <typename Step>
std::pair<int, int> size_after(int height, int width) {
    const Image image = numbered(height, width);
    Canvas canvas(image);
    Step::apply(canvas);
    return {canvas.height(), canvas.width()};
}

/// The first channel, row by row, of what the step makes.
template <typename Step>
std::vector<int> after(const Image& image) {
    Canvas canvas(image);
    Step::apply(canvas);
    std::vector<int> levels;
    for (std::size_t i = 0; i < canvas.picture().pixels.size(); i += 3) levels.push_back(canvas.picture().pixels[i]);
    return levels;
}

}  // namespace

TEST_CASE("ResizeShorter rounds the longer side down, as torchvision") {
    CHECK(size_after<ResizeShorter<256>>(375, 500) == std::pair(256, 341));
    CHECK(size_after<ResizeShorter<256>>(500, 375) == std::pair(341, 256));
    CHECK(size_after<ResizeShorter<10>>(3, 3) == std::pair(10, 10));
    CHECK(size_after<ResizeShorter<233>>(1, 7) == std::pair(233, 1631));
    CHECK(size_after<Resize<32>>(5, 50) == std::pair(32, 32));
}

TEST_CASE("CenterCrop rounds half a pixel to the even neighbour, as Python does") {
    // Offsets by torchvision for surplus 0 ... 7: 0, 0, 1, 2, 2, 2, 3, 4.
    const int offsets[] = {0, 0, 1, 2, 2, 2, 3, 4};
    for (int surplus = 0; surplus < 8; ++surplus) {
        CHECK(after<CenterCrop<1>>(numbered(1, 1 + surplus)) == std::vector<int>{offsets[surplus] + 1});
        CHECK(after<CenterCrop<1>>(numbered(1 + surplus, 1)) == std::vector<int>{offsets[surplus] + 1});
    }
}

TEST_CASE("CenterCrop puts black around a picture that is smaller, one more on the right and below") {
    CHECK(after<CenterCrop<4>>(numbered(1, 1)) == std::vector<int>{0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    CHECK(after<CenterCrop<2>>(numbered(1, 4)) == std::vector<int>{2, 3, 0, 0});
}
