#include <taxon/core/occurrences.hpp>

#include "catch.hpp"

TEST_CASE("a word is counted wherever it stands, without overlaps") {
    CHECK(taxon::occurrences("", "a") == 0);
    CHECK(taxon::occurrences("abcab", "ab") == 2);
    CHECK(taxon::occurrences("aaaaa", "aa") == 2);
    CHECK(taxon::occurrences("a", "ab") == 0);
}
