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
struct TextArchetype {
    static constexpr std::string_view name = "TextArchetype";
    static constexpr Takes takes = Takes::text;
    static constexpr int max_length = 1;
    static void apply(const taxon::text::Vocabulary&, std::string_view, std::optional<std::string_view>,
                      taxon::text::Encoding&);
};
struct WithoutLength : TextArchetype {
    static constexpr int max_length = 0;
};
struct WithoutTokens : TextArchetype {
    static void apply(std::string_view);
};
struct WithoutSize : Archetype {
    static constexpr int height = 0;
};
struct WithoutApply : Archetype {
    static void apply(int);
};
struct WithoutTakes {
    static constexpr std::string_view name = "WithoutTakes";
};

}  // namespace

TEST_CASE("a preprocess policy is told by what it has") {
    STATIC_REQUIRE(taxon::Preprocess<Archetype>);
    STATIC_REQUIRE(taxon::PicturePreprocess<Archetype>);
    STATIC_REQUIRE(taxon::Preprocess<TextArchetype>);
    STATIC_REQUIRE(taxon::TextPreprocess<TextArchetype>);
    STATIC_REQUIRE(!taxon::PicturePreprocess<TextArchetype>);
    STATIC_REQUIRE(!taxon::TextPreprocess<Archetype>);
    STATIC_REQUIRE(!taxon::Preprocess<WithoutLength>);
    STATIC_REQUIRE(!taxon::Preprocess<WithoutTokens>);
    STATIC_REQUIRE(!taxon::Preprocess<WithoutSize>);
    STATIC_REQUIRE(!taxon::Preprocess<WithoutApply>);
    STATIC_REQUIRE(!taxon::Preprocess<WithoutTakes>);
    STATIC_REQUIRE(!taxon::Preprocess<int>);
}
