#include <taxon/preprocess/bilinear_rows.hpp>

#include "catch.hpp"

using taxon::Image;
using taxon::preprocess::BilinearRows;

namespace {

Image ramp(int height, int width) {
    Image image{height, width, {}};
    for (int i = 0; i < height * width * 3; ++i) image.pixels.push_back(static_cast<std::uint8_t>(i * 37 % 256));
    return image;
}

std::vector<std::uint8_t> resized(const Image& source, int height, int width) {
    BilinearRows rows(source, height, width);
    std::vector<std::uint8_t> all;
    for (int y = 0; y < height; ++y) all.insert(all.end(), rows.row(y), rows.row(y) + 3 * width);
    return all;
}

}  // namespace

// cv2.resize(ramp, (width, height), interpolation=cv2.INTER_LINEAR) gave these bytes.
TEST_CASE("rows are OpenCV's, enlarged and shrunk") {
    CHECK(resized(ramp(2, 3), 4, 5) ==
          std::vector<std::uint8_t>{0,  37,  74,  44,  81,  118, 111, 148, 185, 177, 61,  98, 222, 3,  40,
                                    19, 56,  93,  64,  101, 112, 130, 167, 140, 158, 80,  91, 177, 22, 59,
                                    58, 95,  132, 102, 139, 99,  169, 206, 51,  120, 118, 79, 88,  61, 98,
                                    77, 114, 151, 121, 158, 93,  188, 225, 6,   101, 138, 72, 43,  80, 117});
    CHECK(resized(ramp(7, 5), 3, 2) == std::vector<std::uint8_t>{112, 149, 186, 133, 128, 143, 212, 57, 94, 170, 207,
                                                                 52, 99, 136, 130, 78, 115, 131});
    CHECK(resized(ramp(5, 2), 3, 1) == std::vector<std::uint8_t>{87, 81, 118, 116, 153, 62, 144, 96, 133});
}

TEST_CASE("one pixel is the same everywhere") {
    CHECK(resized(ramp(1, 1), 2, 3) ==
          std::vector<std::uint8_t>{0, 37, 74, 0, 37, 74, 0, 37, 74, 0, 37, 74, 0, 37, 74, 0, 37, 74});
}

TEST_CASE("rows may be asked for in any order") {
    const Image source = ramp(9, 4);
    const auto all = resized(source, 14, 11);
    BilinearRows rows(source, 14, 11);
    for (const int y : {13, 0, 7, 6, 12, 1, 1}) {
        INFO(y);
        CHECK(std::equal(rows.row(y), rows.row(y) + 33, all.begin() + y * 33));
    }
}

TEST_CASE("an even picture stays even at every size") {
    for (const int level : {0, 1, 114, 254, 255}) {
        const Image source{5, 6, std::vector<std::uint8_t>(90, static_cast<std::uint8_t>(level))};
        int darkest = 255, brightest = 0;
        for (int height = 1; height < 20; ++height)
            for (const std::uint8_t byte : resized(source, height, 21 - height)) {
                darkest = std::min<int>(darkest, byte);
                brightest = std::max<int>(brightest, byte);
            }
        CHECK(darkest == level);
        CHECK(brightest == level);
    }
}
