#include <taxon/preprocess/corner_letterbox.hpp>

#include <taxon/core/planes.hpp>
#include <taxon/detect/in_picture.hpp>

#include "catch.hpp"

using namespace taxon;
using namespace taxon::preprocess;

static_assert(Preprocess<CornerLetterbox<416>> && PicturePreprocess<CornerLetterbox<96, 64>>);
static_assert(CornerLetterbox<416>::name == "CornerLetterbox<416>" &&
              CornerLetterbox<96, 64>::name == "CornerLetterbox<96, 64>");

TEST_CASE("YOLOX's letterbox rounds sides down and lies at the top left") {
    const LetterboxFit fit = CornerLetterbox<416>::fit(1080, 810);
    CHECK((fit.content.height == 416 && fit.content.width == 312 && fit.content.top == 0 && fit.content.left == 0));
    const LetterboxFit wide = CornerLetterbox<416>::fit(100, 301);  // 416 / 301 times 100 is 138.2
    CHECK((wide.content.height == 138 && wide.content.width == 416));
    CHECK(CornerLetterbox<416>::fit(1, 10000).content.height == 1);
    CHECK((detect::in_picture({208, 104, 416, 138}, wide) ==
           detect::Box{150.5f, 75.25f, 301, 138 / static_cast<float>(wide.scale)}));
}

TEST_CASE("YOLOX's pixels are blue, green and red levels as they are, and grey elsewhere") {
    const Image picture{1, 2, {10, 20, 30, 40, 50, 60}};  // red 10, green 20, blue 30
    std::vector<float> planes(3 * 2 * 2);
    CornerLetterbox<2>::apply(picture, planes_of({3, 2, 2}, planes));
    CHECK(planes == std::vector<float>{30, 60, 114, 114, 20, 50, 114, 114, 10, 40, 114, 114});
}
