#include <taxon/preprocess/steps.hpp>

#include <vector>

#include "catch.hpp"

using taxon::Image;
using taxon::PixelTarget;
using namespace taxon::preprocess;

namespace {

Image ramp(int height, int width) {
    Image image{height, width, {}};
    for (int i = 0; i < height * width * 3; ++i) image.pixels.push_back(static_cast<std::uint8_t>(i * 37 % 256));
    return image;
}

using Cifar = Steps<Resize<32>, Resize<64>, Normalize<ImageNetStatistics>>;
static_assert(Cifar::height == 64 && Cifar::width == 64 && Cifar::takes == Takes::picture);
static_assert(taxon::Preprocess<Cifar>);
static_assert(Cifar::name == "Steps<Resize<32>, Resize<64>, Normalize<ImageNet>>");
static_assert(Steps<ResizeShorter<9, Filter::bicubic>, CenterCrop<8>, ScaleTo01>::name ==
              "Steps<ResizeShorter<9, bicubic>, CenterCrop<8>, ScaleTo01>");

}  // namespace

TEST_CASE("steps are applied in order") {
    const Image source = ramp(20, 50);
    const Image wanted = resize(resize(source, 32, 32, Filter::bilinear), 64, 64, Filter::bilinear);
    CHECK(Cifar::pixels(source).pixels == wanted.pixels);
}

TEST_CASE("a picture that has the right size already keeps its pixels") {
    const Image source = ramp(8, 8);
    CHECK(Steps<Resize<8>, ScaleTo01>::pixels(source).pixels == source.pixels);
}

TEST_CASE("apply writes normalised floats in the target's layout and nothing beside") {
    using Policy = Steps<Resize<4>, Normalize<ImageNetStatistics>>;
    const Image source = ramp(6, 5), pixels = Policy::pixels(source);
    const auto wanted = [&](int y, int x, int c) {
        const auto channel = static_cast<std::size_t>(c);
        const float level = static_cast<float>(pixels.pixels[static_cast<std::size_t>((y * 4 + x) * 3 + c)]) / 255.0f;
        return (level - ImageNetStatistics::mean[channel]) / ImageNetStatistics::deviation[channel];
    };
    // (C, H, W) dense, (H, W, C) dense, and (C, H, W) with a border of one.
    struct Layout {
        std::ptrdiff_t start, row, column, channel, size;
    };
    for (const Layout layout : {Layout{0, 4, 1, 16, 48}, Layout{0, 12, 3, 1, 48}, Layout{7, 6, 1, 36, 108}}) {
        std::vector<float> buffer(static_cast<std::size_t>(layout.size), -99.0f);
        const PixelTarget target{buffer.data() + layout.start, layout.row, layout.column, layout.channel};
        Policy::apply(source, target);
        int wrong = 0, untouched = 0;
        for (int y = 0; y < 4; ++y)
            for (int x = 0; x < 4; ++x)
                for (int c = 0; c < 3; ++c) wrong += target(y, x, c) != wanted(y, x, c);
        for (const float value : buffer) untouched += value == -99.0f;
        CHECK(wrong == 0);
        CHECK(untouched == layout.size - 48);
    }
}
