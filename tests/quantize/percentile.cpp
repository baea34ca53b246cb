#include <taxon/quantize/percentile.hpp>

#include "catch.hpp"
#include "quantize/numbers.hpp"

using namespace taxon::quantize;
using taxon::Fault;

namespace {

Range range_of(std::span<const float> numbers, Grid grid, double percentile) {
    Histogram histogram;
    histogram.observe(numbers);
    return percentile_range(histogram, grid, percentile);
}

}  // namespace

TEST_CASE("a percentile cuts both tails by as much as it may, to a bin") {
    const auto sample = numbers::uniform(100'000, -1, 3);
    const Range range = range_of(sample, u8, 90);  // 5 % of 4 on either side
    CHECK(range.low == Approx(-0.8).margin(0.02));
    CHECK(range.high == Approx(2.8).margin(0.02));
    const auto outside =
        std::count_if(sample.begin(), sample.end(), [&](float x) { return x < range.low || x > range.high; });
    CHECK(outside <= 10'000);
    CHECK(outside > 9'500);  // two bins of 4 / 2048 hold 200 numbers
}

TEST_CASE("a symmetric grid is cut by magnitude") {
    const auto sample = numbers::uniform(100'000, -1, 3);
    const Range range = range_of(sample, s16, 90);
    CHECK(range.low == *std::min_element(sample.begin(), sample.end()));
    CHECK(range.high == Approx(2.6).margin(0.02));
}

TEST_CASE("zeros of a ReLU are no tail") {
    const Range range = range_of(numbers::rectified(numbers::uniform(100'000, -1, 1)), u8, 99);
    CHECK(range.low == 0.f);
    // half a percent of all numbers is one percent of those above zero
    CHECK(range.high == Approx(0.99).margin(0.01));
}

TEST_CASE("percentiles of all numbers, one number, zeros") {
    const auto sample = numbers::laplace(1000);
    CHECK(range_of(sample, u8, 100) ==
          Range{*std::min_element(sample.begin(), sample.end()), *std::max_element(sample.begin(), sample.end())});
    CHECK(range_of(sample, s16, 100) == range_of(sample, u8, 100));
    for (const Grid grid : {u8, s16}) {
        CHECK(range_of(std::vector{5.f}, grid, 99) == Range{5, 5});
        CHECK(range_of(std::vector{-5.f, -5.f}, grid, 99) == Range{-5, -5});
        CHECK(range_of(std::vector(10, 0.f), grid, 99) == Range{0, 0});
    }
}

TEST_CASE("what is no percentile is refused") {
    for (const double percentile : {50.0, 100.1, -1.0, 0.9999, std::nan("")})
        CHECK(numbers::refusal([&] { range_of(std::vector{1.f}, u8, percentile); }) == Fault::usage);
    CHECK(numbers::refusal([] { percentile_range(Histogram(), u8, 99); }) == Fault::missing);
}
