#include <taxon/app/console/nearest.hpp>

#include "catch.hpp"

using namespace taxon::app;

TEST_CASE("letters that are added, taken away and changed") {
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("abc", "") == 3);
    CHECK(edit_distance("abc", "abc") == 0);
    CHECK(edit_distance("ab", "ba") == 2);
}

TEST_CASE("the nearest word") {
    CHECK(nearest("--bach", {"--weights", "--batch", "--backend"}) == "--batch");
    CHECK(nearest("x", {"b", "a"}) == "b");
    CHECK(nearest("x", {}).empty());
}
