#include <taxon/detect/drawing.hpp>

#include <cmath>
#include <array>
#include <set>

#include "catch.hpp"

using taxon::Image;
using namespace taxon::detect;

namespace {

Image even(int height, int width, std::uint8_t level) {
    return {height, width, std::vector<std::uint8_t>(static_cast<std::size_t>(height * width * 3), level)};
}

Colour at(const Image& picture, int y, int x) {
    const auto* pixel = picture.pixels.data() + (y * picture.width + x) * 3;
    return {pixel[0], pixel[1], pixel[2]};
}

std::string name(int) { return "cat"; }

/// WCAG 2's relative luminance.
double luminance(Colour colour) {
    const auto linear = [](std::uint8_t level) {
        const double share = level / 255.0;
        return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
}

}  // namespace

TEST_CASE("black letters stand out on the colour of every class, and classes have different ones") {
    std::set<Colour> colours;
    for (int label = 0; label < 80; ++label) {
        const Colour colour = colour_of_class(label);
        colours.insert(colour);
        INFO(label);
        CHECK((luminance(colour) + 0.05) / 0.05 > 5);
    }
    CHECK(colours.size() == 80);
    CHECK(colour_of_class(0) == Colour{255, 115, 115});
}

TEST_CASE("a box has a frame with black around, and its caption above") {
    const Colour colour = colour_of_class(3);
    for (const std::uint8_t level : {std::uint8_t{0}, std::uint8_t{255}}) {
        Image picture = even(100, 100, level);
        const Colour background = at(picture, 0, 0);
        draw(picture, std::vector<Detection>{{{20.5f, 40, 79.5f, 90}, 0.75f, 3}}, name);
        CHECK(at(picture, 60, 18) == background);
        CHECK(at(picture, 60, 19) == black);
        CHECK(at(picture, 60, 20) == colour);
        CHECK(at(picture, 60, 21) == black);
        CHECK(at(picture, 60, 22) == background);
        CHECK(at(picture, 60, 79) == colour);
        CHECK(at(picture, 89, 50) == colour);
        CHECK(at(picture, 90, 50) == black);
        CHECK(at(picture, 30, 20) == colour);  // the caption has rows 30 to 39, "cat 0.75" 49 columns
        CHECK(at(picture, 30, 68) == colour);
        CHECK(at(picture, 30, 69) == black);
        CHECK(at(picture, 33, 22) == black);  // upper edge of the c
    }
}

TEST_CASE("a caption without room above lies in the box, and one that is too wide begins at the left") {
    Image picture = even(60, 60, 9);
    draw(picture, std::vector<Detection>{{{50, 2, 60, 50}, 0.5f, 1}}, name);
    CHECK(at(picture, 3, 11) == colour_of_class(1));
    CHECK(at(picture, 3, 59) == colour_of_class(1));
    CHECK(at(picture, 3, 9) == Colour{9, 9, 9});
    Image narrow = even(60, 20, 9);
    draw(narrow, std::vector<Detection>{{{5, 30, 15, 50}, 0.5f, 1}}, name);
    CHECK(at(narrow, 20, 0) == colour_of_class(1));
}

TEST_CASE("the best lies on top, captions above all frames") {
    Image picture = even(100, 100, 9);
    draw(picture,
         std::vector<Detection>{{{10, 30, 90, 90}, 0.9f, 1}, {{10, 30, 90, 90}, 0.5f, 2}, {{30, 5, 40, 80}, 0.4f, 3}},
         name);
    CHECK(at(picture, 60, 10) == colour_of_class(1));
    CHECK(at(picture, 20, 30) == colour_of_class(1));  // of the third's left edge, behind the caption
}

TEST_CASE("anything may be drawn on any picture") {
    for (const auto& [height, width] : {std::array{1, 1}, std::array{1, 300}, std::array{300, 1}, std::array{50, 50}}) {
        Image picture = even(height, width, 9);
        const auto size = picture.pixels.size();
        draw(picture,
             std::vector<Detection>{
                 {{-1e9f, -1e9f, 1e9f, 1e9f}, 1, 79}, {{40, 40, 30, 30}, 0.5f, 100'000}, {{0, 0, 0, 0}, 0, 0}},
             [](int label) { return label == 79 ? std::string(10'000, 'x') : std::string("v\xC3\xA9lo"); });
        CHECK(picture.pixels.size() == size);
    }
    Image untouched = even(5, 5, 9);
    draw(untouched, {}, name);
    CHECK(untouched.pixels == even(5, 5, 9).pixels);
}

TEST_CASE("R18: a class whose name cannot be drawn is drawn by its number") {
    const std::vector<Detection> one{{{20.5f, 40, 79.5f, 90}, 0.75f, 3}};
    const auto drawn = [&](const std::string& name) {
        Image picture = even(100, 100, 200);
        draw(picture, one, [&](int) { return name; });
        return picture.pixels;
    };
    const auto number = drawn("3");
    for (const char* name : {"Kätzchen", "猫", "cat\x01"}) CHECK(drawn(name) == number);
    CHECK(drawn("cat") != number);
}

TEST_CASE("a class is written into the upper left corner") {
    Image picture = even(100, 100, 9);
    draw_class(picture, 3, 0.75f, "cat");
    CHECK(at(picture, 0, 0) == colour_of_class(3));
    CHECK(at(picture, 9, 48) == colour_of_class(3));  // "cat 0.75" is 49 columns, 10 rows
    CHECK(at(picture, 9, 49) == black);
    CHECK(at(picture, 10, 48) == black);
    CHECK(at(picture, 3, 2) == black);  // upper edge of the c
    CHECK(at(picture, 11, 50) == Colour{9, 9, 9});
    for (const int side : {0, 1, 3}) {
        Image small = even(side, side, 9);
        draw_class(small, 3, 0.75f, "cat");
        CHECK(small.pixels.size() == static_cast<std::size_t>(side * side * 3));
    }
}
