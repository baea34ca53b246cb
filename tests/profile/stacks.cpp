#include <taxon/profile/stacks.hpp>

#include "catch.hpp"

using namespace taxon;

TEST_CASE("a collapsed stack has the parts of a layer's name, and nanoseconds") {
    CHECK(collapsed_stack("small", "features.0.0", "convolution", 1.5e-6) == "small;features;0;0;convolution 1500\n");
    CHECK(collapsed_stack("a;b", "", "input", 0) == "a:b;input 0\n");
}
