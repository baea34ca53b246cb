#include <taxon/preprocess/letterbox_fit.hpp>

#include "catch.hpp"

using namespace taxon::preprocess;

namespace {

struct Case {
    int picture_height, picture_width, height, width;
    Window content;
};

void check_fit(const LetterboxFit& fit, const Case& wanted) {
    INFO(wanted.picture_width << " x " << wanted.picture_height << " in " << wanted.width << " x " << wanted.height);
    CHECK(fit.picture_height == wanted.picture_height);
    CHECK(fit.picture_width == wanted.picture_width);
    CHECK(fit.height == wanted.height);
    CHECK(fit.width == wanted.width);
    CHECK((fit.content == wanted.content));
}

static_assert(letterbox_fit(480, 640, 640, 640).scale == 1.0);
static_assert(letterbox_fit(720, 1280, 640, 640).scale == 0.5);

}  // namespace

// The figures are those of letterbox() of the YOLOv5 reference.
TEST_CASE("a picture lies in the middle of a letterbox") {
    for (const Case& one : {Case{480, 640, 640, 640, {80, 0, 480, 640}}, Case{1080, 810, 640, 640, {0, 80, 640, 480}},
                            Case{427, 640, 640, 640, {106, 0, 427, 640}}, Case{720, 1280, 640, 640, {140, 0, 360, 640}},
                            Case{3, 7, 640, 640, {183, 0, 274, 640}}, Case{333, 500, 384, 640, {0, 31, 384, 577}},
                            Case{40, 64, 20, 52, {0, 10, 20, 32}}, Case{1, 1, 640, 640, {0, 0, 640, 640}}})
        check_fit(letterbox_fit(one.picture_height, one.picture_width, one.height, one.width), one);
}

TEST_CASE("half a pixel goes to the even neighbour") {
    for (const Case& one :
         {Case{64, 256, 6, 6, {2, 0, 2, 6}}, Case{5, 32, 16, 16, {7, 0, 2, 16}}, Case{7, 32, 16, 16, {6, 0, 4, 16}}})
        check_fit(letterbox_fit(one.picture_height, one.picture_width, one.height, one.width), one);
}

TEST_CASE("the narrowest pictures keep a pixel, where the reference has no picture left") {
    check_fit(letterbox_fit(1, 50, 640, 640), {1, 50, 640, 640, {313, 0, 13, 640}});
    check_fit(letterbox_fit(50, 1, 640, 640), {50, 1, 640, 640, {0, 313, 640, 13}});
    check_fit(letterbox_fit(1, 16384, 640, 640), {1, 16384, 640, 640, {319, 0, 1, 640}});
}

TEST_CASE("a rectangle has no more grey than its stride asks for") {
    for (const Case& one : {Case{480, 640, 480, 640, {0, 0, 480, 640}}, Case{425, 640, 448, 640, {11, 0, 425, 640}},
                            Case{720, 1280, 384, 640, {12, 0, 360, 640}}, Case{1080, 810, 640, 480, {0, 0, 640, 480}},
                            Case{1, 50, 32, 640, {9, 0, 13, 640}}})
        check_fit(rectangle_fit(one.picture_height, one.picture_width, 640, 32), one);
    check_fit(rectangle_fit(90, 100, 320, 32), {90, 100, 288, 320, {0, 0, 288, 320}});
}
