#include <taxon/detect/picture_encoder.hpp>

#include <array>
#include <cstdlib>
#include <span>

#include "catch.hpp"
#include "preprocess/picture_bytes.hpp"
#include <taxon/preprocess/image_file.hpp>

using picture_bytes::fault_of;
using taxon::Fault;
using taxon::Image;
using namespace taxon::detect;

namespace {

Image gradient(int height, int width) {
    Image image{height, width, {}};
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            for (const int level : {x * 255 / width, y * 255 / height, 128})
                image.pixels.push_back(static_cast<std::uint8_t>(level));
    return image;
}

Image decoded(const std::string& bytes) { return taxon::decode_image(std::as_bytes(std::span(bytes)), "encoded"); }

}  // namespace

TEST_CASE("a PNG keeps every byte") {
    for (const auto& [height, width] : {std::array{1, 1}, std::array{7, 13}, std::array{300, 2}}) {
        const Image image = gradient(height, width), again = decoded(encode_png(image));
        CHECK(again.height == height);
        CHECK(again.width == width);
        CHECK(again.pixels == image.pixels);
    }
}

TEST_CASE("a JPEG keeps the picture") {
    for (const auto& [height, width] : {std::array{1, 1}, std::array{33, 70}}) {
        const Image image = gradient(height, width), again = decoded(encode_jpeg(image));
        CHECK(again.height == height);
        CHECK(again.width == width);
        REQUIRE(again.pixels.size() == image.pixels.size());
        int most = 0;
        for (std::size_t i = 0; i < image.pixels.size(); ++i)
            most = std::max(most, std::abs(again.pixels[i] - image.pixels[i]));
        CHECK(most <= 8);  // quality 92 of an even gradient
    }
}

TEST_CASE("no picture is encoded to nothing") {
    CHECK(fault_of([] { encode_png({}); }) == Fault::shape);
    CHECK(fault_of([] { encode_jpeg({2, 2, std::vector<std::uint8_t>(11)}); }) == Fault::shape);
    CHECK(fault_of([] { encode_jpeg({-1, 2, {}}); }) == Fault::shape);
}
