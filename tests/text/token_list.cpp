#include <taxon/text/token_list.hpp>

#include "catch.hpp"

using taxon::text::TokenList;

TEST_CASE("a list of tokens keeps them in order, empty ones too") {
    TokenList list{"a", "", "bc"};
    list.add("d");
    REQUIRE(list.size() == 4);
    CHECK(list[0] == "a");
    CHECK(list[1].empty());
    CHECK(list[2] == "bc");
    CHECK(list[3] == "d");
    const TokenList copy = TokenList(std::vector<std::string>{"x", "y"});
    CHECK(copy[1] == "y");
}
