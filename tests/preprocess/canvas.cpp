#include <taxon/preprocess/canvas.hpp>

#include "catch.hpp"
#include "preprocess/picture_bytes.hpp"

using picture_bytes::fault_of;
using taxon::Fault;
using taxon::Image;
using namespace taxon::preprocess;

namespace {

Image ramp(int height, int width) {
    Image image{height, width, {}};
    for (int i = 0; i < height * width * 3; ++i) image.pixels.push_back(static_cast<std::uint8_t>(i * 31 % 256));
    return image;
}

}  // namespace

TEST_CASE("a canvas without steps is the source itself, not a copy") {
    const Image source = ramp(3, 4);
    Canvas canvas(source);
    CHECK(&canvas.picture() == &source);
}

TEST_CASE("crops add up, and a resize behind a crop sees the cropped picture") {
    const Image source = ramp(12, 10);
    Canvas canvas(source);
    canvas.resize(20, 30, Filter::bicubic);
    canvas.crop({2, 3, 15, 20});
    canvas.crop({1, 1, 10, 12});
    const Image cropped = crop(resize(source, 20, 30, Filter::bicubic), {3, 4, 10, 12});
    CHECK((canvas.height() == 10 && canvas.width() == 12));
    CHECK(canvas.picture().pixels == cropped.pixels);
    canvas.resize(5, 6, Filter::bilinear);
    CHECK(canvas.picture().pixels == resize(cropped, 5, 6, Filter::bilinear).pixels);
    canvas.pad(1, 2, 0, 1);
    CHECK((canvas.height() == 6 && canvas.width() == 9));
    CHECK(canvas.picture().pixels[0] == 0);
    CHECK(canvas.picture().pixels[(9 + 2) * 3] == resize(cropped, 5, 6, Filter::bilinear).pixels[0]);
}

TEST_CASE("a narrow picture whose whole resize would be immense is only refused if all of it is needed") {
    const Image line = ramp(1, 16384);
    Canvas cropped(line);
    cropped.resize(256, 256 * 16384, Filter::bilinear);
    cropped.crop({16, 1000, 224, 224});
    CHECK(cropped.picture().pixels.size() == 224 * 224 * 3);
    Canvas whole(line);
    whole.resize(256, 256 * 16384, Filter::bilinear);
    CHECK(fault_of([&] { whole.picture(); }) == Fault::limit);
}
