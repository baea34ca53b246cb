#include <taxon/detect/candidate.hpp>

#include <cmath>
#include <limits>

#include "catch.hpp"

using namespace taxon::detect;

namespace {

std::vector<Candidate> of_row(const std::vector<float>& row, const Profile& profile) {
    std::vector<Candidate> candidates;
    add_candidates(row, profile, candidates);
    return candidates;
}

constexpr Profile best{.name = "best", .confidence = 0.25f, .overlap = 0.5, .every_class = false},
    every{.name = "every", .confidence = 0.25f, .overlap = 0.5, .every_class = true};

}  // namespace

TEST_CASE("a row is a candidate for its best class, or for every class above the confidence") {
    const std::vector<float> row{10, 20, 6, 4, 0.5f, 0.75f, 0.25f, 1.0f};
    const Box box{7, 18, 13, 22};
    CHECK(of_row(row, best) == std::vector<Candidate>{{box, 0.5f, 2}});
    CHECK(of_row(row, every) == std::vector<Candidate>{{box, 0.375f, 0}, {box, 0.5f, 2}});
}

TEST_CASE("a score must exceed the confidence, and of equal classes the first is the best") {
    CHECK(of_row({1, 1, 1, 1, 0.5f, 0.5f, 0.5f}, best).empty());
    CHECK(of_row({1, 1, 1, 1, 0.25f, 1.0f}, every).empty());
    CHECK(of_row({1, 1, 2, 2, 0.5f, 0.75f, 0.75f}, best) == std::vector<Candidate>{{{0, 0, 2, 2}, 0.375f, 0}});
}

TEST_CASE("a score that is not a number is there to be refused") {
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    CHECK(of_row({1, 1, 2, 2, nan, 0.75f, 0.5f}, best).size() == 1);
    const auto candidates = of_row({1, 1, 2, 2, 1, nan, 0.75f, 0.25f}, every);
    REQUIRE(candidates.size() == 2);
    CHECK(std::isnan(candidates[0].score));
    CHECK(candidates[1] == Candidate{{0, 0, 2, 2}, 0.75f, 1});
}
