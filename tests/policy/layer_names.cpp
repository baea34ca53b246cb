#include <taxon/policy/layer_names.hpp>

#include <stdexcept>
#include <string>
#include <vector>

#include "catch.hpp"

using namespace taxon;

TEST_CASE("names of layers are for the layers that they name, and for those in blocks that they name") {
    constexpr LayerNames names = LayerNames::of({"features.4", "classifier.0", "features.10.block.2.fc1"});
    STATIC_REQUIRE(names.include("features.4"));
    STATIC_REQUIRE(names.include("features.4.block.0.0"));
    STATIC_REQUIRE(names.include("classifier.0"));
    STATIC_REQUIRE(names.include("features.10.block.2.fc1"));
    for (const char* other : {"", "features", "features.", "features.44", "features.40.block", "features.10.block.2",
                              "features.10.block.2.fc2", "classifier.3", "Features.4"})
        CHECK_FALSE(names.include(other));
}

TEST_CASE("no names are for no layer") {
    STATIC_REQUIRE(LayerNames{}.empty());
    STATIC_REQUIRE(LayerNames::of({}) == LayerNames{});
    STATIC_REQUIRE_FALSE(LayerNames{}.include("0"));
    STATIC_REQUIRE_FALSE(LayerNames{}.include(""));
    STATIC_REQUIRE_FALSE(LayerNames::of({"0"}).empty());
}

TEST_CASE("there is room for so many names") {
    std::vector<std::string> names;
    for (int i = 0; i < LayerNames::most; ++i) names.push_back(std::to_string(i));
    const LayerNames full = LayerNames::of(names);
    for (const std::string& name : names) CHECK(full.include(name + ".0"));
    CHECK_FALSE(full.include("32"));
    names.push_back("32");
    CHECK_THROWS_AS(LayerNames::of(names), std::out_of_range);
}
