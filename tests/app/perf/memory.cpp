#include <taxon/app/perf/memory.hpp>

#include "catch.hpp"

#include <vector>

using namespace taxon::app;

TEST_CASE("the peak counts memory that was touched") {
    const auto before = peak_memory_bytes();
    CHECK(before > 0);
    const std::vector<char> touched(static_cast<std::size_t>(before) + (8u << 20), 'x');
    CHECK(peak_memory_bytes() >= before + (4 << 20));
}
