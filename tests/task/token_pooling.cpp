#include <taxon/task/token_pooling.hpp>

#include <vector>

#include "catch.hpp"

using taxon::task::TokenPooling;

TEST_CASE("the vectors of a text's tokens become one") {
    const std::vector<float> tokens{1, 2, 3, 6, 100, 100};
    std::vector<float> vector(2);
    taxon::task::pool(tokens, 2, TokenPooling::mean, vector);
    CHECK(vector == std::vector<float>{2, 4});
    taxon::task::pool(tokens, 3, TokenPooling::cls, vector);
    CHECK(vector == std::vector<float>{1, 2});
    taxon::task::pool(tokens, 3, TokenPooling::none, vector);
    CHECK(vector == std::vector<float>{1, 2});
}

TEST_CASE("a vector is scaled to length one, and nothing stays nothing") {
    std::vector<float> vector{3, -4}, nothing{0, 0};
    taxon::task::normalize(vector);
    CHECK(vector == std::vector<float>{.6f, -.8f});
    taxon::task::normalize(nothing);
    CHECK(nothing == std::vector<float>{0, 0});
}
