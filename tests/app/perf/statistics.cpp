#include <taxon/app/perf/statistics.hpp>

#include "catch.hpp"

#include <numeric>
#include <utility>
#include <vector>

using namespace taxon::app;

TEST_CASE("quantiles interpolate between neighbours") {
    // numpy.percentile([1, 2, 4, 8, 16], …) by hand: place = fraction * 4.
    const std::vector<double> numbers{1, 2, 4, 8, 16};
    CHECK(quantile(numbers, 0) == 1);
    CHECK(quantile(numbers, .5) == 4);
    CHECK(quantile(numbers, .25) == 2);
    CHECK(quantile(numbers, .375) == 3);
    CHECK(quantile(numbers, .875) == 12);
    CHECK(quantile(numbers, 1) == 16);
    CHECK(quantile(std::vector<double>{7}, .99) == 7);
    CHECK(quantile(std::vector<double>{3, 5}, .5) == 4);
}

TEST_CASE("latencies of unsorted samples") {
    std::vector<double> samples;
    // so that percentile p is p itself, up to rounding of p * 100
    for (int i = 100; i >= 0; --i) samples.push_back(i);
    const auto latency = Latency::of(samples);
    const auto near = [](double a, double b) { return a - b < 1e-9 && b - a < 1e-9; };
    CHECK(latency.n == 101);
    CHECK(latency.min == 0);
    CHECK(latency.max == 100);
    CHECK(near(latency.mean, 50));
    CHECK(near(latency.p50, 50));
    CHECK(near(latency.p90, 90));
    CHECK(near(latency.p95, 95));
    CHECK(near(latency.p99, 99));
    CHECK(near(latency.p999, 99.9));
}

TEST_CASE("too few runs: where all of them are below the percentile with more than 5 % probability") {
    // ln 0.05 / ln q, rounded up
    for (const auto& [fraction, least] :
         {std::pair{.5, 5u}, std::pair{.9, 29u}, std::pair{.95, 59u}, std::pair{.99, 299u}, std::pair{.999, 2995u}}) {
        CHECK(too_few(least - 1, fraction));
        CHECK_FALSE(too_few(least, fraction));
    }
}

TEST_CASE("the median's interval: ranks from the binomial distribution") {
    std::vector<double> numbers(100);
    std::iota(numbers.begin(), numbers.end(), 1.);
    // 50 - 9.8 and 51 + 9.8, rounded outwards
    CHECK(median_interval(numbers).low == 40);
    CHECK(median_interval(numbers).high == 61);
    CHECK(median_interval(std::vector<double>{3}).low == 3);
    CHECK(median_interval(std::vector<double>{3}).high == 3);
    CHECK(median_interval(std::vector<double>{3, 5}).high == 5);
}
