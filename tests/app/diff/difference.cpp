#include <taxon/app/diff/difference.hpp>

#include <limits>
#include <vector>

#include "catch.hpp"

using taxon::app::Difference;

TEST_CASE("figures of a difference are those of their formulas") {
    Difference difference;
    difference.add(0, std::vector<float>{1, 2, 3}, std::vector<float>{1, 2, 5});
    difference.add(1, std::vector<float>{0, -3}, std::vector<float>{0, 0});
    CHECK(difference.largest() == 3);
    CHECK(difference.largest_at().sample == 1);
    CHECK(difference.largest_at().number == 1);
    CHECK(difference.largest_at().found == -3);
    CHECK(difference.rms() == Approx(std::sqrt(13. / 5)));
    CHECK(difference.relative() == Approx(std::sqrt(13. / 30)));
    CHECK(difference.snr_db() == Approx(10 * std::log10(30. / 13)));
    CHECK(difference.cosine() == Approx(20 / std::sqrt(23. * 30)));
    CHECK(difference.nonfinite() == 0);
}

TEST_CASE("equal numbers have no difference, and zeros point where zeros do") {
    Difference same, zeros, noise;
    same.add(0, std::vector<float>{1, -2}, std::vector<float>{1, -2});
    CHECK(same.relative() == 0);
    CHECK(same.snr_db() == std::numeric_limits<double>::infinity());
    CHECK(same.cosine() == Approx(1));
    zeros.add(0, std::vector<float>{0}, std::vector<float>{0});
    CHECK(zeros.relative() == 0);
    CHECK(zeros.cosine() == 1);
    noise.add(0, std::vector<float>{1}, std::vector<float>{0});
    CHECK(noise.relative() == std::numeric_limits<double>::infinity());
    CHECK(noise.cosine() == 0);
}

TEST_CASE("NaN and infinity are counted on both sides and do not hide the other differences") {
    const float nan = std::numeric_limits<float>::quiet_NaN(), infinite = std::numeric_limits<float>::infinity();
    Difference difference;
    difference.add(4, std::vector<float>{1, nan, infinite, 2}, std::vector<float>{1, 0, infinite, 4});
    CHECK(difference.nonfinite_found() == 2);
    CHECK(difference.nonfinite_right() == 1);
    CHECK(difference.first_nonfinite().sample == 4);
    CHECK(difference.first_nonfinite().number == 1);
    CHECK(difference.largest() == 2);
}

TEST_CASE("of a sequence the first tokens of both are compared") {
    Difference difference;
    difference.add(0, std::vector<float>{1, 2}, std::vector<float>{1, 2, 9, 9});
    CHECK(difference.relative() == 0);
}
