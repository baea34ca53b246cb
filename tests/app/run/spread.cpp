#include <taxon/app/run/spread.hpp>

#include "catch.hpp"

#include <vector>

using namespace taxon::app;

TEST_CASE("the spread of a tensor's numbers") {
    const std::vector<float> numbers{2, 4, 4, 4, 5, 5, 7, 9};
    const auto spread = Spread::of(numbers);
    CHECK(spread.min == 2);
    CHECK(spread.mean == 5);
    CHECK(spread.max == 9);
    CHECK(spread.deviation == 2);
    CHECK(Spread::of({}).deviation == 0);
}
