#include <taxon/policy/preprocess.hpp>

#include "catch.hpp"

using taxon::Image;
using taxon::PixelTarget;
using taxon::preprocess::Takes;

namespace {

/// As little as the concept asks for.
struct Archetype {
    static constexpr std::string_view name = "Archetype";
    static constexpr Takes takes = Takes::picture;
    static constexpr int height = 2, width = 3;
    static Image pixels(const Image&);
    static void apply(const Image&, PixelTarget);
};
struct Text {
    static constexpr std::string_view name = "Text";
    static constexpr Takes takes = Takes::text;
};
struct WithoutSize : Archetype { static constexpr int height = 0; };
struct WithoutApply : Archetype { static void apply(int); };
struct WithoutTakes { static constexpr std::string_view name = "WithoutTakes"; };

}  // namespace

TEST_CASE("a preprocess policy is told by what it has") {
    STATIC_REQUIRE(taxon::Preprocess<Archetype>);
    STATIC_REQUIRE(taxon::PicturePreprocess<Archetype>);
    STATIC_REQUIRE(taxon::Preprocess<Text>);
    STATIC_REQUIRE(!taxon::PicturePreprocess<Text>);
    STATIC_REQUIRE(!taxon::Preprocess<WithoutSize>);
    STATIC_REQUIRE(!taxon::Preprocess<WithoutApply>);
    STATIC_REQUIRE(!taxon::Preprocess<WithoutTakes>);
    STATIC_REQUIRE(!taxon::Preprocess<int>);
}
