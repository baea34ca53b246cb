#include <taxon/preprocess/resize.hpp>

#include <map>
#include <random>

#include "catch.hpp"
#include "preprocess/picture_bytes.hpp"
#include "shared_data.hpp"
#include <taxon/io/mapped_file.hpp>
#include <taxon/io/safetensors.hpp>

using picture_bytes::fault_of;
using taxon::Fault;
using taxon::Image;
using namespace taxon::preprocess;

namespace {

Image noise(int height, int width, unsigned seed) {
    std::mt19937 random(seed);
    Image image{height, width, std::vector<std::uint8_t>(static_cast<std::size_t>(height * width * 3))};
    for (auto& level : image.pixels) level = static_cast<std::uint8_t>(random() & 255);
    return image;
}

std::map<std::string, Image> golden_pictures(const std::filesystem::path& path) {
    const taxon::io::MappedFile file(path);
    std::map<std::string, Image> pictures;
    for (const auto& tensor : taxon::io::Safetensors::read(file.bytes()).tensors) {
        Image& image = pictures[tensor.name];
        image = {static_cast<int>(tensor.shape.at(0)), static_cast<int>(tensor.shape.at(1)), {}};
        for (const std::byte byte : tensor.bytes) image.pixels.push_back(std::to_integer<std::uint8_t>(byte));
    }
    return pictures;
}

}  // namespace

TEST_CASE("resize gives Pillow's bytes for every golden picture") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const auto golden = golden_pictures(*shared / "golden" / "preprocess" / "pillow.safetensors");
    int compared = 0;
    for (const auto& [name, source] : golden) {
        const auto end = name.find(":source");
        if (end == name.npos) continue;
        const std::string file = name.substr(0, end);
        INFO(file);
        CHECK((resize(source, 97, 61, Filter::bilinear).pixels == golden.at(file + ":bilinear_97x61").pixels));
        CHECK((resize(source, 640, 333, Filter::bicubic).pixels == golden.at(file + ":bicubic_640x333").pixels));
        compared += 2;
    }
    CHECK(compared == 8);
}

TEST_CASE("resize of a few pixels, as Pillow computes them") {
    const Image two{1, 2, {0, 100, 255, 255, 0, 0}};
    CHECK(resize(two, 1, 4, Filter::bilinear).pixels ==
          std::vector<std::uint8_t>{0, 100, 255, 64, 75, 191, 191, 25, 64, 255, 0, 0});
    CHECK(resize(two, 1, 1, Filter::bilinear).pixels == std::vector<std::uint8_t>{128, 50, 128});
    CHECK(resize(two, 2, 2, Filter::bicubic).pixels ==
          std::vector<std::uint8_t>{0, 100, 255, 255, 0, 0, 0, 100, 255, 255, 0, 0});
}

TEST_CASE("a resize with a window is the resize, then the crop") {
    std::mt19937 random(7);
    const auto up_to = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
    for (int round = 0; round < 60; ++round) {
        const Image source = noise(1 + up_to(40), 1 + up_to(40), static_cast<unsigned>(round));
        // Every third round keeps a side, which skips that pass.
        const int height = round % 3 == 0 ? source.height : 1 + up_to(60),
                  width = round % 3 == 1 ? source.width : 1 + up_to(60);
        const Window window{up_to(height), up_to(width), 0, 0};
        const Window part{window.top, window.left, 1 + up_to(height - window.top), 1 + up_to(width - window.left)};
        const Filter filter = round % 2 == 0 ? Filter::bilinear : Filter::bicubic;
        const Image whole = resize(source, height, width, filter), direct = resize(source, height, width, filter, part);
        INFO(source.width << " x " << source.height << " to " << width << " x " << height);
        CHECK((direct.height == part.height && direct.width == part.width));
        CHECK((direct.pixels == crop(whole, part).pixels));
    }
}

TEST_CASE("resize keeps a constant picture constant") {
    for (const int level : {0, 1, 127, 255})
        for (const Filter filter : {Filter::bilinear, Filter::bicubic}) {
            const Image flat{13, 9, std::vector<std::uint8_t>(13 * 9 * 3, static_cast<std::uint8_t>(level))};
            CHECK(resize(flat, 5, 30, filter).pixels ==
                  std::vector<std::uint8_t>(5 * 30 * 3, static_cast<std::uint8_t>(level)));
        }
}

TEST_CASE("resize and crop refuse what is not there") {
    const Image image = noise(4, 4, 1);
    CHECK(fault_of([&] { resize(image, 0, 4, Filter::bilinear); }) == Fault::shape);
    CHECK(fault_of([&] { resize(Image{}, 4, 4, Filter::bilinear); }) == Fault::shape);
    CHECK(fault_of([&] { resize(Image{4, 4, {}}, 4, 4, Filter::bilinear); }) == Fault::shape);
    CHECK(fault_of([&] { resize(image, 8, 8, Filter::bilinear, {4, 0, 5, 8}); }) == Fault::bounds);
    CHECK(fault_of([&] { crop(image, {0, 1, 4, 4}); }) == Fault::bounds);
    CHECK(fault_of([&] { resize(image, 4, 0, Filter::bilinear); }) == Fault::shape);
    CHECK(fault_of([&] { resize(Image{4, 0, {}}, 4, 4, Filter::bilinear); }) == Fault::shape);
    for (const Window& outside : {Window{-1, 0, 2, 2}, Window{0, -1, 2, 2}, Window{0, 0, -1, 2}, Window{0, 0, 2, -1},
                                  Window{3, 0, 2, 2}, Window{0, 3, 2, 2}}) {
        INFO(outside.top << ' ' << outside.left << ' ' << outside.height << ' ' << outside.width);
        CHECK(fault_of([&] { crop(image, outside); }) == Fault::bounds);
        CHECK(fault_of([&] { resize(image, 4, 4, Filter::bilinear, outside); }) == Fault::bounds);
    }
    CHECK(fault_of([&] { resize(image, 4, 4, Filter::bilinear, {0, 0, 0, 2}); }) == Fault::bounds);
    CHECK(crop(image, {1, 1, 0, 2}).pixels.empty());
}
