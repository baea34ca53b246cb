#include <taxon/detect/painter.hpp>

#include <string>

#include "catch.hpp"

using taxon::Image;
using namespace taxon::detect;

namespace {

constexpr Colour white{255, 255, 255};

Image dark(int height, int width) {
    return {height, width, std::vector<std::uint8_t>(static_cast<std::size_t>(height * width * 3))};
}

std::string shape(const Image& picture) {
    std::string rows;
    for (int y = 0; y < picture.height; ++y) {
        for (int x = 0; x < picture.width; ++x)
            rows += picture.pixels[static_cast<std::size_t>((y * picture.width + x) * 3)] == 255 ? '#' : '.';
        rows += '\n';
    }
    return rows;
}

}  // namespace

TEST_CASE("rectangles are filled, and cut off at the picture's edges") {
    Image picture = dark(3, 4);
    Painter(picture).fill(1, 1, 3, 2, white);
    CHECK(shape(picture) == "....\n.##.\n....\n");
    Painter(picture).fill(-5, 2, 99, 99, white);
    CHECK(shape(picture) == "....\n.##.\n####\n");
    Painter(picture).fill(9, 0, 12, 3, white);
    Painter(picture).fill(2, 0, 1, 3, white);
    Painter(picture).fill(-9, -9, -1, -1, white);
    CHECK(shape(picture) == "....\n.##.\n####\n");
    Image one = dark(1, 1);
    Painter(one).fill(0, 0, 1, 1, {1, 2, 3});
    CHECK(one.pixels == std::vector<std::uint8_t>{1, 2, 3});
}

TEST_CASE("frames go inwards, and may be larger than the picture or hardly there") {
    Image picture = dark(5, 6);
    Painter(picture).frame(0, 1, 5, 5, 1, white);
    CHECK(shape(picture) == "......\n#####.\n#...#.\n#...#.\n#####.\n");
    Image inside = dark(3, 3);
    Painter(inside).frame(-1, -1, 4, 4, 2, white);
    CHECK(shape(inside) == "###\n#.#\n###\n");
    Image small = dark(3, 3);
    Painter(small).frame(1, 1, 2, 2, 5, white);
    Painter(small).frame(0, 0, 0, 0, 5, white);
    CHECK(shape(small) == "...\n.#.\n...\n");
}

TEST_CASE("text is written dot by dot, cut off where the picture ends") {
    Image picture = dark(9, 12);
    Painter(picture).write(0, 0, "1i", 1, white);
    CHECK(shape(picture) == "..#.....#...\n.##.........\n..#....##...\n..#.....#...\n..#.....#...\n..#.....#...\n.###.."
                            ".###..\n............\n............\n");
    Image twice = dark(4, 6);
    Painter(twice).write(0, 0, "1", 2, white);
    CHECK(shape(twice) == "....##\n....##\n..####\n..####\n");
    Image beyond = dark(2, 2);
    Painter(beyond).write(-30, -30, "WWWW", 9, white);
    Painter(beyond).write(50, 50, "WWWW", 9, white);
    CHECK(beyond.pixels.size() == 12);
}
