#include <taxon/preprocess/letterbox.hpp>

#include <map>

#include "catch.hpp"
#include "preprocess/picture_bytes.hpp"
#include "shared_data.hpp"
#include <taxon/io/mapped_file.hpp>
#include <taxon/io/safetensors.hpp>
#include <taxon/preprocess/image_file.hpp>

using picture_bytes::fault_of;
using taxon::Fault;
using taxon::Image;
using taxon::PixelTarget;
using namespace taxon::preprocess;

namespace {

static_assert(taxon::Preprocess<Letterbox<640>> && taxon::PicturePreprocess<Letterbox<384, 640>>);
static_assert(Letterbox<640>::name == "Letterbox<640>" && Letterbox<640>::height == 640 &&
              Letterbox<640>::width == 640);
static_assert(Letterbox<384, 640>::name == "Letterbox<384, 640>" && Letterbox<384, 640>::height == 384 &&
              Letterbox<384, 640>::width == 640);
static_assert(Letterbox<640>::fit(720, 1280) == letterbox_fit(720, 1280, 640, 640));

Image ramp(int height, int width) {
    Image image{height, width, {}};
    for (int i = 0; i < height * width * 3; ++i) image.pixels.push_back(static_cast<std::uint8_t>(i * 37 % 256));
    return image;
}

std::uint8_t at(const Image& image, int y, int x, int channel) {
    return image.pixels[static_cast<std::size_t>((y * image.width + x) * 3 + channel)];
}

/// The number of levels in which the second picture differs from the first at (top, left); the rest must be grey.
int differences(const Image& content, const Image& box, int top, int left) {
    int wrong = 0;
    for (int y = 0; y < box.height; ++y)
        for (int x = 0; x < box.width; ++x)
            for (int channel = 0; channel < 3; ++channel) {
                const bool inside = y >= top && y < top + content.height && x >= left && x < left + content.width;
                wrong += at(box, y, x, channel) != (inside ? at(content, y - top, x - left, channel) : 114);
            }
    return wrong;
}

}  // namespace

TEST_CASE("a letterbox is the reference's, byte for byte, and by libjpeg-turbo so is the picture") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    const taxon::io::MappedFile file(*shared / "golden" / "yolov5n" / "coco64_arrays.safetensors");
    std::map<std::string, Image> pictures;
    for (const auto& tensor : taxon::io::Safetensors::read(file.bytes()).tensors) {
        if (tensor.shape.size() != 3) continue;
        Image& image = pictures[tensor.name];
        image = {static_cast<int>(tensor.shape[0]), static_cast<int>(tensor.shape[1]), {}};
        for (const std::byte byte : tensor.bytes) image.pixels.push_back(std::to_integer<std::uint8_t>(byte));
    }
    int compared = 0;
    for (const auto& [name, source] : pictures) {
        const auto end = name.find(":source_rgb");
        if (end == name.npos) continue;
        INFO(name);
        CHECK((Letterbox<640>::pixels(source).pixels == pictures.at(name.substr(0, end) + ":letterbox_rgb").pixels));
        ++compared;
        if (usual_jpeg_decoder != JpegDecoder::libjpeg_turbo) continue;
        const auto picture = *shared / "data" / "coco" / "images" / name.substr(0, end);
        CHECK((taxon::read_image(picture, {.upright = true}).pixels == source.pixels));
    }
    CHECK(compared == 2);
}

TEST_CASE("a picture that fits is not resized") {
    const Image source = ramp(5, 8), box = Letterbox<8>::pixels(source);
    CHECK(box.height == 8);
    CHECK(box.width == 8);
    CHECK(differences(source, box, 1, 0) == 0);
}

// 2 x 4 pixels from 4 x 8, exactly half: each byte is the mean of four, halves up.
TEST_CASE("a picture of twice the size is halved") {
    const Image source = ramp(4, 8), box = Letterbox<4>::pixels(source);
    Image half{2, 4, {}};
    for (int y = 0; y < 2; ++y)
        for (int x = 0; x < 4; ++x)
            for (int channel = 0; channel < 3; ++channel) {
                const auto of = [&](int down, int across) { return at(source, 2 * y + down, 2 * x + across, channel); };
                half.pixels.push_back(static_cast<std::uint8_t>((of(0, 0) + of(0, 1) + of(1, 0) + of(1, 1) + 2) / 4));
            }
    CHECK(differences(half, box, 1, 0) == 0);
}

TEST_CASE("a box with more height than width, and the least rectangle") {
    CHECK((Letterbox<6, 4>::pixels(ramp(6, 4)).pixels == ramp(6, 4).pixels));
    const Image source = ramp(40, 64), box = letterbox(source, rectangle_fit(40, 64, 64, 32));
    CHECK(box.height == 64);
    CHECK(box.width == 64);
    CHECK(differences(source, box, 12, 0) == 0);
}

TEST_CASE("apply writes the letterbox's levels as 0 to 1, in the target's layout and nothing beside") {
    struct Layout {
        std::ptrdiff_t start, row, column, channel, size;
    };
    for (const Image& source : {ramp(5, 9), ramp(9, 5), ramp(3, 6)}) {
        const Image pixels = Letterbox<6>::pixels(source);
        // planar, pixel by pixel, with a border
        for (const Layout layout : {Layout{0, 6, 1, 36, 108}, Layout{0, 18, 3, 1, 108}, Layout{9, 8, 1, 64, 192}}) {
            std::vector<float> buffer(static_cast<std::size_t>(layout.size), -99.0f);
            const PixelTarget target{buffer.data() + layout.start, layout.row, layout.column, layout.channel};
            Letterbox<6>::apply(source, target);
            int wrong = 0;
            for (int y = 0; y < 6; ++y)
                for (int x = 0; x < 6; ++x)
                    for (int channel = 0; channel < 3; ++channel)
                        wrong += target(y, x, channel) != static_cast<float>(at(pixels, y, x, channel)) / 255.0f;
            CHECK(wrong == 0);
            CHECK(std::count(buffer.begin(), buffer.end(), -99.0f) == layout.size - 108);
        }
    }
}

TEST_CASE("odd pictures: one pixel, the narrowest, the largest sides, grey") {
    const Image one{1, 1, {7, 8, 9}}, box = Letterbox<5>::pixels(one);
    for (std::size_t i = 0; i < box.pixels.size(); i += 3)
        REQUIRE((box.pixels[i] == 7 && box.pixels[i + 1] == 8 && box.pixels[i + 2] == 9));

    const Image narrow = Letterbox<100>::pixels({50, 1, std::vector<std::uint8_t>(150, 200)});
    CHECK(differences({100, 2, std::vector<std::uint8_t>(600, 200)}, narrow, 0, 49) == 0);
    const Image line = Letterbox<64>::pixels({1, 16384, std::vector<std::uint8_t>(std::size_t{16384} * 3, 200)});
    CHECK(differences({1, 64, std::vector<std::uint8_t>(192, 200)}, line, 31, 0) == 0);

    const Image grey = decode_image(picture_bytes::grey_jpeg(), "grey.jpg"), shrunk = Letterbox<8>::pixels(grey);
    int coloured = 0;
    for (std::size_t i = 0; i < shrunk.pixels.size(); i += 3)
        coloured += shrunk.pixels[i] != shrunk.pixels[i + 1] || shrunk.pixels[i] != shrunk.pixels[i + 2];
    CHECK(coloured == 0);
    CHECK(at(shrunk, 4, 0, 0) > 80);  // the left half has level 88, the right one 70
    CHECK(at(shrunk, 4, 7, 0) < 76);
}

TEST_CASE("no picture, and one whose bytes are fewer than its pixels, are refused") {
    const auto letterboxed = [](const Image& image) { return fault_of([&] { Letterbox<8>::pixels(image); }); };
    CHECK(letterboxed({}) == Fault::shape);
    CHECK(letterboxed({0, 5, {}}) == Fault::shape);
    CHECK(letterboxed({-3, 5, {}}) == Fault::shape);
    CHECK(letterboxed({5, 0, {}}) == Fault::shape);
    CHECK(fault_of([] { letterbox(ramp(2, 3), letterbox_fit(2, 4, 8, 8)); }) == Fault::shape);
    CHECK(letterboxed({2, 2, std::vector<std::uint8_t>(11)}) == Fault::shape);
    CHECK(fault_of([] { letterbox(ramp(2, 3), letterbox_fit(3, 2, 8, 8)); }) == Fault::shape);
    auto cut = picture_bytes::colour_jpeg();
    cut.resize(cut.size() / 2);
    CHECK(fault_of([&] { Letterbox<8>::pixels(decode_image(cut, "cut.jpg")); }) == Fault::truncated);
}
