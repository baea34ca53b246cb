#include <taxon/eval/top_k.hpp>

#include <cmath>
#include <limits>

#include "catch.hpp"

using taxon::Error;
using taxon::Fault;
using taxon::eval::top_k;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

Fault refusal(const std::vector<float>& logits, int k) {
    try {
        top_k(logits, k);
    } catch (const Error& error) { return error.fault(); }
    FAIL("nothing was thrown");
    return Fault::io;
}

}  // namespace

TEST_CASE("top_k gives softmax probabilities, greatest first") {
    const auto best = top_k(std::vector<float>{0.0f, 2.0f, 1.0f}, 2);
    REQUIRE(best.size() == 2);
    CHECK(best[0].index == 1);
    CHECK(best[1].index == 2);
    const double sum = 1 + std::exp(1.0) + std::exp(2.0);
    // A few roundings of double's 1.1e-16 each.
    CHECK(best[0].probability == Approx(std::exp(2.0) / sum).epsilon(1e-14));
    CHECK(best[1].probability == Approx(std::exp(1.0) / sum).epsilon(1e-14));
}

TEST_CASE("top_k keeps all if there are fewer, whose probabilities add up to one") {
    const auto all = taxon::top_k(std::vector<float>{3.0f, -1.0f, 0.5f, 3.5f}, 10);
    REQUIRE(all.size() == 4);
    double sum = 0;
    for (const auto& [index, probability] : all) sum += probability;
    CHECK(sum == Approx(1.0).epsilon(1e-14));
}

TEST_CASE("equal logits come by index, and unequal ones by size even where probabilities are equal") {
    const auto equal = top_k(std::vector<float>{1, 7, 7, 7}, 3);
    CHECK((equal[0].index == 1 && equal[1].index == 2 && equal[2].index == 3));
    const auto far = top_k(std::vector<float>{-20000.0f, -10000.0f, 10000.0f}, 3);
    CHECK((far[0].index == 2 && far[1].index == 1 && far[2].index == 0));
    CHECK((far[1].probability == 0 && far[2].probability == 0));
}

TEST_CASE("huge logits do not overflow") {
    const auto best = top_k(std::vector<float>{3e38f, -3e38f}, 2);
    CHECK(best[0].probability == 1.0);
    CHECK(best[1].probability == 0.0);
}

TEST_CASE("top_k refuses what has no order") {
    CHECK(refusal({1, std::numeric_limits<float>::quiet_NaN()}, 1) == Fault::value);
    CHECK(refusal({1, infinity}, 1) == Fault::value);
    CHECK(refusal({1, -infinity}, 1) == Fault::value);
    CHECK(refusal({}, 1) == Fault::shape);
    CHECK(refusal({1}, 0) == Fault::usage);
}
