#include <taxon/preprocess/none.hpp>

#include "catch.hpp"

TEST_CASE("None is a preprocess policy that takes tensors and no pictures") {
    STATIC_REQUIRE(taxon::Preprocess<taxon::preprocess::None>);
    STATIC_REQUIRE(!taxon::PicturePreprocess<taxon::preprocess::None>);
}
