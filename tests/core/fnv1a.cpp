#include <taxon/core/fnv1a.hpp>

#include "catch.hpp"

namespace {

constexpr std::uint64_t hash(std::string_view text) {
    taxon::Fnv1a sum;
    sum.add(text);
    return sum.value();
}

}  // namespace

TEST_CASE("FNV-1a gives the values that its authors publish") {
    STATIC_REQUIRE(hash("") == 0xcbf29ce484222325u);
    STATIC_REQUIRE(hash("a") == 0xaf63dc4c8601ec8cu);
    STATIC_REQUIRE(hash("foobar") == 0x85944171f73967e8u);
}
