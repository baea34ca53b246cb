#include <taxon/app/model/size_range.hpp>

#include "catch.hpp"

using namespace taxon::app;

TEST_CASE("a range of sizes is one number or two in order, of those that are built") {
    CHECK(SizeRange::parse("8", built_batches) == SizeRange{8, 8});
    CHECK(SizeRange::parse("1:256", built_batches) == built_batches);
    CHECK(SizeRange::parse("2:4", built_batches) == SizeRange{2, 4});
    CHECK(SizeRange::parse("3:512", built_lengths) == built_lengths);
    CHECK_FALSE(SizeRange::parse("2:128", built_lengths).has_value());
    for (const char* text :
         {"", "0", "257", "-1", "4:2", "1:257", "0:2", ":", "1:", ":4", "1:2:3", "2 ", "x", "99999999999"}) {
        INFO(text);
        CHECK_FALSE(SizeRange::parse(text, built_batches).has_value());
    }
}

TEST_CASE("both ends of a range of sizes belong to it") {
    const SizeRange range{2, 4};
    CHECK_FALSE(range.contains(1));
    CHECK(range.contains(2));
    CHECK(range.contains(4));
    CHECK_FALSE(range.contains(5));
    CHECK(range.contains(SizeRange{2, 3}));
    CHECK_FALSE(range.contains(SizeRange{3, 5}));
    CHECK(range.text() == "2 to 4");
    CHECK(SizeRange{3, 3}.text() == "3");
    CHECK(range.option() == "2:4");
    CHECK(SizeRange{3, 3}.option() == "3");
}
