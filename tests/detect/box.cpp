#include <taxon/detect/box.hpp>

#include "catch.hpp"

using namespace taxon::detect;

TEST_CASE("a box around a centre") {
    constexpr Box box = box_around(10, 20, 6, 4);
    CHECK((box == Box{7, 18, 13, 22}));
    CHECK(box.width() == 6);
    CHECK(box.height() == 4);
    CHECK(box.area() == 24);
}

TEST_CASE("overlap is intersection over union") {
    CHECK(overlap({0, 0, 10, 10}, {0, 0, 10, 10}) == 1);
    CHECK(overlap({0, 0, 10, 10}, {5, 0, 15, 10}) == 50.0f / 150.0f);
    CHECK(overlap({0, 0, 10, 10}, {2, 2, 4, 6}) == 8.0f / 100.0f);
    CHECK(overlap({-4, -4, 2, 2}, {0, 0, 4, 4}) == 4.0f / 48.0f);
}

TEST_CASE("boxes that touch, lie apart or have no area do not overlap") {
    CHECK(overlap({0, 0, 10, 10}, {10, 0, 20, 10}) == 0);
    CHECK(overlap({0, 0, 10, 10}, {30, 30, 40, 40}) == 0);
    CHECK(overlap({3, 3, 3, 3}, {3, 3, 3, 3}) == 0);
    CHECK(overlap({0, 0, 10, 10}, {5, 5, 5, 8}) == 0);
}

TEST_CASE("a box is cut off at the picture's edges") {
    CHECK((clipped({-3, -4, 700, 500}, 640, 480) == Box{0, 0, 640, 480}));
    CHECK((clipped({1, 2, 3, 4}, 640, 480) == Box{1, 2, 3, 4}));
    CHECK((clipped({650, 5, 660, 6}, 640, 480) == Box{640, 5, 640, 6}));
}
