#include <taxon/app/perf/memory.hpp>

#include "catch.hpp"

#include <vector>

using namespace taxon::app;

TEST_CASE("bytes for people") {
    CHECK(readable_bytes(0) == "0 B");
    CHECK(readable_bytes(1023) == "1023 B");
    CHECK(readable_bytes(1024) == "1.0 KiB");
    CHECK(readable_bytes(10'171'187) == "9.7 MiB");
    CHECK(readable_bytes(std::int64_t{5} << 40) == "5.0 TiB");
    CHECK(readable_bytes(std::int64_t{5} << 50) == "5120.0 TiB");
}

TEST_CASE("the peak counts memory that was touched") {
    const auto before = peak_memory_bytes();
    CHECK(before > 0);
    const std::vector<char> touched(static_cast<std::size_t>(before) + (8u << 20), 'x');
    CHECK(peak_memory_bytes() >= before + (4 << 20));
}
