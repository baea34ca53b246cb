#include <taxon/policy/shape_mode.hpp>

#include "catch.hpp"

using namespace taxon;

TEST_CASE("a fixed shape is the architecture's own, or the one that it names") {
    STATIC_REQUIRE(shape::Fixed<4>::input({3, 224, 224}) == Shape{3, 224, 224});
    STATIC_REQUIRE(shape::Fixed<1, 64, 96>::input({3, 224, 224}) == Shape{3, 64, 96});
    STATIC_REQUIRE(shape::Fixed<2, 128>::input(Shape::tokens(384, 512)) == Shape::tokens(384, 128));
    STATIC_REQUIRE(shape::Fixed<4>::min_batch == 4);
    STATIC_REQUIRE(shape::Fixed<4>::max_batch == 4);
    STATIC_REQUIRE(shape::Fixed<2, 128>::min_length == 128);
    CHECK(ShapeMode<shape::Fixed<1>>);
}

TEST_CASE("a mutable shape has ranges of batches and of lengths") {
    using Batches = shape::Mutable<2, 32>;
    STATIC_REQUIRE(Batches::min_batch == 2);
    STATIC_REQUIRE(Batches::max_batch == 32);
    STATIC_REQUIRE(Batches::max_length == 0);
    STATIC_REQUIRE(Batches::input({3, 224, 224}) == Shape{3, 224, 224});
    using Texts = shape::Mutable<Range{1, 64}, Range{3, 512}>;
    STATIC_REQUIRE(Texts::max_batch == 64);
    STATIC_REQUIRE(Texts::min_length == 3);
    STATIC_REQUIRE(Texts::input(Shape::tokens(384, 128)) == Shape::tokens(384, 512));
    CHECK(ShapeMode<Texts>);
}
