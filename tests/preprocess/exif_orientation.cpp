#include <taxon/preprocess/exif_orientation.hpp>
#include <taxon/preprocess/image_file.hpp>

#include "catch.hpp"
#include "preprocess/picture_bytes.hpp"

using namespace picture_bytes;
using taxon::Image;
using taxon::preprocess::exif_orientation;

namespace {

/// Six grey pixels, 3 x 2: 1 2 3 above 4 5 6; turned as asked.
Image turned(int orientation, bool upright = true) {
    const Data file = png(3, 2, 8, 0, {0, 1, 2, 3, 0, 4, 5, 6}, {chunk("eXIf", exif_of(orientation))});
    return taxon::decode_image(file, "", {.upright = upright});
}

std::vector<int> greys(const Image& image) {
    std::vector<int> levels;
    for (std::size_t i = 0; i < image.pixels.size(); i += 3) levels.push_back(image.pixels[i]);
    return levels;
}

}  // namespace

TEST_CASE("R3: pictures are turned by their EXIF orientation, all eight of them, if that is asked for", "[cases]") {
    // As OpenCV's imread: 5 transposes, 6 turns clockwise.
    const std::vector<std::vector<int>> wanted{{1, 2, 3, 4, 5, 6}, {3, 2, 1, 6, 5, 4}, {6, 5, 4, 3, 2, 1},
                                               {4, 5, 6, 1, 2, 3}, {1, 4, 2, 5, 3, 6}, {4, 1, 5, 2, 6, 3},
                                               {6, 3, 5, 2, 4, 1}, {3, 6, 2, 5, 1, 4}};
    for (int orientation = 1; orientation <= 8; ++orientation) {
        const Image image = turned(orientation);
        INFO(orientation);
        CHECK((image.width == (orientation < 5 ? 3 : 2) && image.height == (orientation < 5 ? 2 : 3)));
        CHECK(greys(image) == wanted[static_cast<std::size_t>(orientation - 1)]);
        CHECK(greys(turned(orientation, false)) == wanted.front());
    }
    for (const int none : {0, 9, 65535}) CHECK(greys(turned(none)) == wanted.front());
}

TEST_CASE("R3: a JPEG's orientation, of either byte order, behind other application data", "[cases]") {
    for (const bool little : {true, false}) {
        Data file = turned_jpeg(colour_jpeg(), 6, little);
        const Image image = taxon::decode_image(file, "", {.upright = true}), stored = taxon::decode_image(file, "");
        CHECK((image.width == 8 && image.height == 16 && stored.width == 16));
        for (int y = 0; y < 8; ++y)
            for (int x = 0; x < 16; ++x)
                for (int channel = 0; channel < 3; ++channel)
                    REQUIRE(image.pixels[static_cast<std::size_t>((x * 8 + 7 - y) * 3 + channel)] ==
                            stored.pixels[static_cast<std::size_t>((y * 16 + x) * 3 + channel)]);
        CHECK(taxon::preprocess::inspect_image(file, "").orientation == 6);
        file = with_segment(file, 0xe1, text_bytes("http://ns.adobe.com/xap/1.0/"));
        CHECK(taxon::preprocess::inspect_image(file, "").orientation == 6);
        CHECK(taxon::preprocess::inspect_image(turned_jpeg(file, 3), "").orientation == 6);  // the first counts
    }
}

TEST_CASE("malformed EXIF data mean upright") {
    const Data whole = exif_of(6);
    CHECK(exif_orientation(whole) == 6);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const int found = exif_orientation(Data(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
        CHECK((found == 1 || size >= 34));  // the entry's twelve bytes end there
    }
    CHECK(exif_orientation(with(whole, 0, {'X'})) == 1);
    CHECK(exif_orientation(with(whole, 2, {43})) == 1);
    CHECK(exif_orientation(with(whole, 4, {255, 255, 255, 255})) == 1);
    CHECK(exif_orientation(with(whole, 8, {255, 255})) == 6);
    CHECK(exif_orientation(with(whole, 22, {0x13})) == 1);
}
