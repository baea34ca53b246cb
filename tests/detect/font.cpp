#include <taxon/detect/font.hpp>

#include <set>
#include <string>

#include "catch.hpp"

using namespace taxon::detect;

namespace {

std::string shape(char c) {
    std::string rows;
    for (int y = 0; y < font::height; ++y) {
        for (int x = 0; x < font::width; ++x) rows += font::dot(c, y, x) ? '#' : '.';
        rows += '\n';
    }
    return rows;
}

}  // namespace

TEST_CASE("letters have their shapes") {
    CHECK(shape('R') == "####..\n#...#.\n#...#.\n####..\n#.#...\n#..#..\n#...#.\n......\n......\n");
    CHECK(shape('g') == "......\n......\n.####.\n#...#.\n#...#.\n#...#.\n.####.\n....#.\n.###..\n");
    CHECK(shape(' ').find('#') == std::string::npos);
}

TEST_CASE("every strip is whole, every printable character differs from all others and keeps to its cell") {
    for (const auto strip : font::strips) CHECK(strip.size() == 16 * font::width);
    std::set<std::string> shapes;
    for (char c = ' '; c <= '~'; ++c) {
        shapes.insert(shape(c));
        for (int y = 0; y < font::height; ++y) REQUIRE_FALSE(font::dot(c, y, font::width - 1));
    }
    CHECK(shapes.size() == 95);
    CHECK_FALSE(shapes.contains(shape('\xC3')));
}

TEST_CASE("what is no printable ASCII is a box, one for each character") {
    CHECK(shape('\n') == shape('\xE2'));
    CHECK(shape('\x7f') == shape('\xE2'));
    CHECK(font::length("person") == 6);
    CHECK(font::length("v\xC3\xA9lo \xE2\x82\xAC") == 6);
    CHECK(font::length("") == 0);
}
