#include <taxon/app/batch_range.hpp>

#include "catch.hpp"

using taxon::app::BatchRange;

TEST_CASE("a range of batches is one number or two in order") {
    CHECK(BatchRange::parse("8") == BatchRange{8, 8});
    CHECK(BatchRange::parse("1:256") == BatchRange{});
    CHECK(BatchRange::parse("2:4") == BatchRange{2, 4});
    for (const char* text : {"", "0", "257", "-1", "4:2", "1:257", "0:2", ":", "1:", ":4", "1:2:3", "2 ", "x", "99999999999"}) {
        INFO(text);
        CHECK_FALSE(BatchRange::parse(text).has_value());
    }
}

TEST_CASE("both ends of a range of batches belong to it") {
    const BatchRange range{2, 4};
    CHECK_FALSE(range.contains(1));
    CHECK(range.contains(2));
    CHECK(range.contains(4));
    CHECK_FALSE(range.contains(5));
    CHECK(range.text() == "2 to 4");
    CHECK(BatchRange{3, 3}.text() == "3");
}
