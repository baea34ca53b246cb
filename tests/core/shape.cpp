#include <taxon/core/shape.hpp>

#include "catch.hpp"

using namespace taxon;

TEST_CASE("a shape is a picture, a vector or a sequence") {
    STATIC_REQUIRE(Shape{3, 4, 5}.size() == 60);
    STATIC_REQUIRE(Shape{3, 4, 5}.pixels() == 20);
    STATIC_REQUIRE(Shape{7}.size() == 7);
    STATIC_REQUIRE(Shape::tokens(8, 16).size() == 128);
    STATIC_REQUIRE(Shape::tokens(8, 16) != Shape{8, 1, 16});
    CHECK(Shape::tokens(8, 16).sequence);
}

TEST_CASE("numbers are rounded up to multiples") {
    STATIC_REQUIRE(round_up(0, 8) == 0);
    STATIC_REQUIRE(round_up(1, 8) == 8);
    STATIC_REQUIRE(round_up(8, 8) == 8);
    CHECK(round_up(33, 32) == 64);
}
