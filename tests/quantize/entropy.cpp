#include <taxon/quantize/entropy.hpp>

#include <cmath>
#include <limits>

#include "catch.hpp"
#include "quantize/numbers.hpp"

using namespace taxon::quantize;
using taxon::Fault;

namespace {

/// A histogram with so many numbers in its bins from 0 on; the last number sets the width to 1.
Histogram with_counts(std::initializer_list<int> counts) {
    std::vector<float> numbers{4095};
    float bin = 0.5f;
    for (const int count : counts) numbers.insert(numbers.end(), static_cast<std::size_t>(count), bin), bin += 1;
    return numbers::histogram_of(numbers);
}

}  // namespace

TEST_CASE("the divergence of counts that can be worked out by hand") {
    // P is 1, 3, 2, 2 + the outlier, of 9; two levels make Q 2, 2, 2, 2, of 8.
    const Histogram histogram = with_counts({1, 3, 2, 2});
    REQUIRE(histogram.width() == 1);
    const auto term = [](double p, double q) { return p * std::log(p / q); };
    CHECK(kl_divergence(histogram, 0, 3, 2) ==
          Approx(term(1. / 9, 2. / 8) + term(3. / 9, 2. / 8) + term(2. / 9, 2. / 8) + term(3. / 9, 2. / 8)));
    CHECK(kl_divergence(histogram, 0, 3, 4) ==
          Approx(term(1. / 9, 1. / 8) + term(3. / 9, 3. / 8) + term(2. / 9, 2. / 8) + term(3. / 9, 2. / 8)));
    CHECK(kl_divergence(histogram, 0, histogram.last(), histogram.last() + 1) == Approx(0).margin(1e-15));
}

TEST_CASE("a level shares its numbers among bins that have some, and a bin of outsiders alone is infinitely bad") {
    CHECK(kl_divergence(with_counts({4, 0, 4, 0, 0, 0}), 0, 5, 2) == std::numeric_limits<double>::infinity());
    const auto term = [](double p, double q) { return p * std::log(p / q); };
    CHECK(kl_divergence(with_counts({4, 0, 2, 3, 0, 5}), 0, 5, 2) ==
          Approx(term(4. / 15, 3. / 14) + term(2. / 15, 3. / 14) + term(3. / 15, 4. / 14) + term(6. / 15, 4. / 14)));
    CHECK(kl_divergence(with_counts({0, 0}), 0, 1, 2) == std::numeric_limits<double>::infinity());
}

TEST_CASE("outliers of heavy tails are given up for a smaller error") {
    for (const auto& sample : {numbers::with(numbers::laplace(1'000'000), {25, -20}),
                               numbers::with(numbers::rectified(numbers::laplace(1'000'000)), {20})}) {
        const Histogram histogram = numbers::histogram_of(sample);
        const Range whole = histogram.range(), best = least_entropy_loss_range(histogram, u8);
        INFO(best.low << " to " << best.high << " of " << whole.low << " to " << whole.high);
        CHECK((best.low >= whole.low && best.high < 0.75f * whole.high && best.high > 4));
        CHECK(numbers::mean_square_error(sample, best, u8) < numbers::mean_square_error(sample, whole, u8));
    }
}

TEST_CASE("the range has zero at its end after a ReLU, and both thresholds alike otherwise") {
    const Range one = least_entropy_loss_range(
        numbers::histogram_of(numbers::with(numbers::rectified(numbers::laplace(100'000)), {60})), u8);
    CHECK(one.low == 0.f);
    const Range two =
        least_entropy_loss_range(numbers::histogram_of(numbers::with(numbers::laplace(100'000), {60, -60})), u8);
    CHECK(two.low == -two.high);
    const Range swish = least_entropy_loss_range(
        numbers::histogram_of(numbers::with(numbers::rectified(numbers::laplace(100'000)), {60, -0.375f})), u8);
    CHECK(swish.low == -0.375f);
}

TEST_CASE("numbers without tails keep their range, and so does a grid finer than the bins") {
    const auto even = numbers::uniform(200'000, -1, 1);
    const Range best = least_entropy_loss_range(numbers::histogram_of(even), u8);
    CHECK(best.low == Approx(-1).epsilon(0.02));
    CHECK(best.high == Approx(1).epsilon(0.02));
    const auto tails = numbers::laplace(10'000);
    CHECK(least_entropy_loss_range(numbers::histogram_of(tails), s16) == numbers::histogram_of(tails).range());
}

TEST_CASE("how many zeros there are does not matter to the entropy") {
    auto sample = numbers::with(numbers::rectified(numbers::laplace(50'000)), {60});
    const Range before = least_entropy_loss_range(numbers::histogram_of(sample), u8);
    sample.resize(sample.size() * 10, 0.f);
    CHECK(least_entropy_loss_range(numbers::histogram_of(sample), u8) == before);
}

TEST_CASE("entropy of zeros, one number, numbers of one sign") {
    CHECK(least_entropy_loss_range(numbers::histogram_of(std::vector(10, 0.f)), u8) == Range{0, 0});
    CHECK(least_entropy_loss_range(numbers::histogram_of(std::vector{5.f}), u8) == Range{0, 5});
    CHECK(least_entropy_loss_range(numbers::histogram_of(std::vector{-5.f, -5.f}), u8) == Range{-5, 0});
    CHECK(numbers::refusal([] { least_entropy_loss_range(Histogram(), u8); }) == Fault::missing);
}
