#include <taxon/detect/profile.hpp>

#include "catch.hpp"

using namespace taxon::detect;

TEST_CASE("the profiles are those of the reference") {
    CHECK(demo.name == "demo");
    CHECK(demo.confidence == 0.25f);
    CHECK(demo.overlap == 0.45);
    CHECK_FALSE(demo.every_class);
    CHECK(demo.most == 300);
    CHECK(evaluation.name == "eval");
    CHECK(evaluation.confidence == 0.001f);
    CHECK(evaluation.overlap == 0.6);
    CHECK(evaluation.every_class);
    CHECK(evaluation.most == 300);
}
