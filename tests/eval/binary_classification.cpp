#include <taxon/eval/binary_classification.hpp>

#include <array>
#include <limits>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"

using taxon::Fault;
using taxon::eval::BinaryScore;

TEST_CASE("accuracy and F1 are those of the counts") {
    BinaryScore score;
    const auto add = [&](float zero, float one, int label) { score.add(std::array{zero, one}, label); };
    CHECK((score.accuracy() == 0 && score.f1() == 0 && score.combined() == 0));
    add(0, 1, 1), add(0, 1, 1), add(0, 1, 0), add(1, 0, 1), add(1, 0, 0);
    add(2, 2, 0);  // of equal ones the first
    CHECK(score == BinaryScore(2, 1, 2, 1));
    CHECK(score.n() == 6);
    CHECK(score.accuracy() == Approx(4. / 6));
    CHECK(score.f1() == Approx(4. / 6));  // precision and recall are 2 of 3
    CHECK(BinaryScore(1, 0, 0, 3).f1() == Approx(.4));
    CHECK(BinaryScore(0, 0, 5, 0).f1() == 0);
    CHECK(BinaryScore(0, 0, 5, 0).combined() == .5);
}

TEST_CASE("binary scores of parts join exactly") {
    BinaryScore some(1, 2, 3, 4);
    some.merge(BinaryScore(10, 20, 30, 40));
    CHECK(some == BinaryScore(11, 22, 33, 44));
}

TEST_CASE("what is no answer of two classes is refused and not counted") {
    BinaryScore score;
    const float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
    for (const float bad : {nan, infinity, -infinity})
        CHECK(error_of([&] { score.add(std::array{bad, 1.f}, 1); }).fault() == Fault::value);
    CHECK(error_of([&] { score.add(std::array{0.f, 1.f}, 2); }).fault() == Fault::bounds);
    CHECK(error_of([&] { score.add(std::array{0.f, 1.f, 2.f}, 1); }).fault() == Fault::shape);
    CHECK(score.n() == 0);
}
