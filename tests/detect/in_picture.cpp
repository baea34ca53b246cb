#include <taxon/detect/in_picture.hpp>

#include "catch.hpp"

using namespace taxon::detect;
using taxon::preprocess::letterbox_fit;
using taxon::preprocess::rectangle_fit;

TEST_CASE("a box finds back to its place in the picture") {
    // 1280 x 720 lies in rows 140 to 499 of 640 x 640, halved.
    const auto fit = letterbox_fit(720, 1280, 640, 640);
    CHECK((in_picture({0, 140, 640, 500}, fit) == Box{0, 0, 1280, 720}));
    CHECK((in_picture({100, 240, 102.5f, 250}, fit) == Box{200, 200, 205, 220}));
    // A rectangle of 640 x 384 has the same picture in rows 12 to 371.
    CHECK((in_picture({100, 112, 102.5f, 122}, rectangle_fit(720, 1280, 640, 32)) == Box{200, 200, 205, 220}));
}

TEST_CASE("what reaches into the grey is cut off") {
    const auto fit = letterbox_fit(480, 640, 640, 640);
    CHECK((in_picture({-20, 10, 700, 600}, fit) == Box{0, 0, 640, 480}));
    CHECK((in_picture({5, 0, 9, 40}, fit) == Box{5, 0, 9, 0}));
}

// 425 rows leave 215 rows of grey: 107 lie above, but boxes are moved by 107.5 as in the reference.
TEST_CASE("uneven borders count as halves") {
    CHECK((in_picture({8, 207.5f, 16, 307.5f}, letterbox_fit(425, 640, 640, 640)) == Box{8, 100, 16, 200}));
}

TEST_CASE("one pixel has the whole letterbox") {
    CHECK((in_picture({160, 320, 480, 640}, letterbox_fit(1, 1, 640, 640)) == Box{0.25f, 0.5f, 0.75f, 1}));
}
