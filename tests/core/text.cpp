#include <taxon/core/text.hpp>

#include <taxon/core/shape.hpp>

#include "catch.hpp"

using namespace taxon;

namespace {

constexpr Text<40> written = [] {
    Text<40> text;
    text << "from " << -120 << " to " << 0 << ", " << 1234567890;
    return text;
}();

}  // namespace

TEST_CASE("a text takes words and whole numbers while the program compiles") {
    STATIC_REQUIRE(written.view() == "from -120 to 0, 1234567890");
}

TEST_CASE("a text cuts what does not fit") {
    Text<8> text;
    text << "abcdef" << 1234;
    CHECK(text.view() == "abcdef12");
    text << "more";
    CHECK(text.size == 8);
}

TEST_CASE("a fixed string is a template argument") {
    STATIC_REQUIRE(FixedString("features").view() == "features");
    STATIC_REQUIRE(FixedString("").empty());
    STATIC_REQUIRE_FALSE(FixedString("a").empty());
}

TEST_CASE("shapes are written as their users say them") {
    Text<80> text;
    text << Shape{3, 224, 160} << "; " << Shape{10} << "; " << Shape::tokens(384, 128);
    CHECK(text.view() == "3 x 224 x 160; 10 x 1 x 1; 384 features x 128 tokens");
}
