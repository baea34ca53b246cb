#include <taxon/quantize/mean_square_error.hpp>

#include "catch.hpp"
#include "quantize/numbers.hpp"

using namespace taxon::quantize;
using taxon::Fault;

namespace {

constexpr Grid four_bits{0, 15};

}  // namespace

TEST_CASE("the error that a histogram foretells is the error that numbers have") {
    for (const auto& sample :
         {numbers::uniform(100'000, -1, 3), numbers::laplace(100'000), numbers::rectified(numbers::laplace(100'000))}) {
        const Histogram histogram = numbers::histogram_of(sample);
        for (const Grid grid : {four_bits, u8, s16})
            for (const Range range : {histogram.range(), Range{-1, 2}, Range{0, 0.5f}, Range{-10, 30}}) {
                INFO(range.low << " to " << range.high << " on " << grid.levels() << " levels");
                CHECK(SquareError(histogram, grid)(range) ==
                      Approx(numbers::mean_square_error(sample, range, grid)).epsilon(0.02));
            }
    }
}

TEST_CASE("evenly spread numbers cost a twelfth of a squared step") {
    const Histogram histogram = numbers::histogram_of(numbers::uniform(100'000, 0, 255));
    CHECK(SquareError(histogram, u8)({0, 255}) == Approx(1.0 / 12).epsilon(0.01));
}

TEST_CASE("the range of least error is narrower than the outliers, and no shrunk range has a smaller error") {
    for (const auto& sample : {numbers::with(numbers::laplace(100'000), {60, -25}),
                               numbers::with(numbers::rectified(numbers::laplace(100'000)), {60})})
        for (const Grid grid : {four_bits, u8, Grid{-127, 127}}) {
            const Histogram histogram = numbers::histogram_of(sample);
            const Range whole = histogram.range(), best = least_square_error_range(histogram, grid);
            INFO(best.low << " to " << best.high << " of " << whole.low << " to " << whole.high);
            CHECK((best.low >= whole.low && best.high < whole.high));
            const double least = numbers::mean_square_error(sample, best, grid);
            CHECK(least < numbers::mean_square_error(sample, whole, grid));
            for (const float low : {1.f, 0.8f, 0.5f, 0.25f, 0.1f})
                for (const float high : {1.f, 0.8f, 0.5f, 0.25f, 0.1f})
                    CHECK(least <
                          1.03 * numbers::mean_square_error(sample, {whole.low * low, whole.high * high}, grid));
        }
}

TEST_CASE("numbers without tails keep their range") {
    const auto sample = numbers::uniform(100'000, -1, 1);
    const Range best = least_square_error_range(numbers::histogram_of(sample), u8);
    CHECK(best.low == Approx(-1).epsilon(0.01));
    CHECK(best.high == Approx(1).epsilon(0.01));
}

TEST_CASE("least square error of zeros, one number, numbers of one sign") {
    for (const Grid grid : {u8, s16}) {
        CHECK(least_square_error_range(numbers::histogram_of(std::vector(10, 0.f)), grid) == Range{0, 0});
        const Range one = least_square_error_range(numbers::histogram_of(std::vector{5.f}), grid);
        CHECK(one.low == 0.f);
        CHECK(numbers::mean_square_error(std::vector{5.f}, one, grid) < 1e-8);
        const Range negative = least_square_error_range(numbers::histogram_of(numbers::uniform(1000, -8, -4)), grid);
        CHECK(negative.high == 0.f);
        CHECK(negative.low == Approx(-8).epsilon(0.05));
    }
    CHECK(numbers::refusal([] { least_square_error_range(Histogram(), u8); }) == Fault::missing);
}
