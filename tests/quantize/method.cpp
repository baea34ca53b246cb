#include <taxon/quantize/method.hpp>

#include "catch.hpp"
#include "quantize/numbers.hpp"

using namespace taxon::quantize;
using taxon::Fault;

namespace {

constexpr Method all[] = {Method::linear, Method::percentile, Method::mean_square_error, Method::entropy};

}  // namespace

TEST_CASE("methods of calibration by name") {
    for (const Method method : all) CHECK(method_of(name_of(method)) == method);
    CHECK(name_of(Method::mean_square_error) == "mse");
    for (const char* name : {"", "Linear", "kl", "linear "})
        CHECK(numbers::refusal([&] { method_of(name); }) == Fault::usage);
}

TEST_CASE("linear calibration is the least and the greatest number") {
    for (const auto& sample : {numbers::uniform(1000, -1, 1), numbers::uniform(1000, 2, 3), numbers::laplace(1000)})
        for (const Grid grid : {u8, s16})
            CHECK(choose_range(numbers::histogram_of(sample), Method::linear, grid) ==
                  Range{*std::min_element(sample.begin(), sample.end()),
                        *std::max_element(sample.begin(), sample.end())});
}

TEST_CASE("each calibration method is its own") {
    const Histogram histogram = numbers::histogram_of(numbers::with(numbers::laplace(100'000), {60, -40}));
    CHECK(choose_range(histogram, Method::percentile, u8, 98) == percentile_range(histogram, u8, 98));
    CHECK(choose_range(histogram, Method::percentile, u8) == percentile_range(histogram, u8, 99.99));
    CHECK(choose_range(histogram, Method::mean_square_error, u8) == least_square_error_range(histogram, u8));
    CHECK(choose_range(histogram, Method::entropy, u8) == least_entropy_loss_range(histogram, u8));
    for (const Method one : all)
        for (const Method other : all)
            CHECK((choose_range(histogram, one, u8) == choose_range(histogram, other, u8)) == (one == other));
}

TEST_CASE("every calibration method stays within the numbers and zero, and needs some") {
    for (const auto& sample :
         {numbers::uniform(1000, -3, 1), numbers::uniform(1000, 2, 3), numbers::uniform(1000, -3, -2),
          numbers::laplace(1000), std::vector{5.f}, std::vector{0.f}, std::vector{-1e-40f, 3e38f}})
        for (const Method method : all)
            for (const Grid grid : {u8, s16}) {
                INFO(name_of(method) << " of " << sample[0] << " and so on, " << grid.levels() << " levels");
                const Histogram histogram = numbers::histogram_of(sample);
                const Range whole = histogram.range(), range = choose_range(histogram, method, grid);
                CHECK((range.low >= std::min(whole.low, 0.f) && range.high <= std::max(whole.high, 0.f) &&
                       range.low <= range.high));
                CHECK(choose_range(histogram, method, grid) == range);
            }
    for (const Method method : all)
        CHECK(numbers::refusal([&] { choose_range(Histogram(), method, u8); }) == Fault::missing);
}
