#include <taxon/eval/classification.hpp>

#include <limits>
#include <vector>

#include "catch.hpp"

using taxon::Error;
using taxon::Fault;
using taxon::eval::ClassificationScore;

namespace {

template <typename Act>
Fault refusal(Act&& act) {
    try {
        act();
    } catch (const Error& error) { return error.fault(); }
    FAIL("nothing was thrown");
    return Fault::io;
}

const std::vector<float> logits{0, 6, 5, 4, 3, 2, 1};

}  // namespace

TEST_CASE("the first and the best five count") {
    ClassificationScore score;
    CHECK((score.n() == 0 && score.top1() == 0 && score.top5() == 0));
    score.add(logits, 1);
    score.add(logits, 5);
    score.add(logits, 6);
    score.add(logits, 0);
    CHECK(score.n() == 4);
    CHECK(score.right_first() == 1);
    CHECK(score.right_in_five() == 2);
    CHECK(score.top1() == 0.25);
    CHECK(score.top5() == 0.5);
}

TEST_CASE("among equal logits the lower index is the better guess") {
    const std::vector<float> equal(7, 1.0f);
    ClassificationScore score;
    score.add(equal, 1);
    CHECK((score.right_first() == 0 && score.right_in_five() == 1));
    score.add(equal, 0);
    CHECK(score.right_first() == 1);
    score.add(equal, 5);
    CHECK(score.right_in_five() == 2);
}

TEST_CASE("parts of a data set join exactly") {
    ClassificationScore whole, even, odd;
    for (int i = 0; i < 21; ++i) {
        whole.add(logits, i % 7);
        (i % 2 == 0 ? even : odd).add(logits, i % 7);
    }
    CHECK(even.merge(odd) == whole);
    CHECK(ClassificationScore(whole.n(), whole.right_first(), whole.right_in_five()) == whole);
}

TEST_CASE("a score refuses what it cannot judge, and stays as it was") {
    ClassificationScore score;
    score.add(logits, 1);
    const ClassificationScore before = score;
    CHECK(refusal([&] { score.add(logits, 7); }) == Fault::bounds);
    CHECK(refusal([&] { score.add(logits, -1); }) == Fault::bounds);
    CHECK(refusal([&] { score.add({}, 0); }) == Fault::bounds);
    CHECK(refusal([&] {
              score.add(std::vector<float>{1, std::numeric_limits<float>::quiet_NaN()}, 0);
          }) == Fault::value);
    CHECK(score == before);
    CHECK(refusal([] { ClassificationScore(3, 2, 1); }) == Fault::value);
    CHECK(refusal([] { ClassificationScore(3, 2, 4); }) == Fault::value);
}
