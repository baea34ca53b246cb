#include <taxon/app/console/wording.hpp>

#include "catch.hpp"

using namespace taxon::app;

TEST_CASE("one of a noun, and several") {
    CHECK(plural(1, "picture") == "1 picture");
    CHECK(plural(0, "picture") == "0 pictures");
    CHECK(plural(2, "text") == "2 texts");
}

TEST_CASE("bytes for people") {
    CHECK(readable_bytes(0) == "0 B");
    CHECK(readable_bytes(1023) == "1023 B");
    CHECK(readable_bytes(1024) == "1.0 KiB");
    CHECK(readable_bytes(10'171'187) == "9.7 MiB");
    CHECK(readable_bytes(std::int64_t{5} << 40) == "5.0 TiB");
    CHECK(readable_bytes(std::int64_t{5} << 50) == "5120.0 TiB");
}
