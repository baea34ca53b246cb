#include <taxon/app/perf/arrivals.hpp>

#include "catch.hpp"

#include <cmath>
#include <vector>

using namespace taxon::app;

TEST_CASE("a fixed rate's arrivals lie at equal distances, and do not drift") {
    auto arrivals = Arrivals::fixed(3);
    CHECK(arrivals.next() == Nanoseconds(0));
    CHECK(arrivals.next() == Nanoseconds(333'333'333));
    for (int i = 2; i < 300; ++i) arrivals.next();
    CHECK(arrivals.next() == std::chrono::seconds(100));
}

TEST_CASE("Poisson arrivals have the rate, exponential gaps, and the same moments for the same seed") {
    auto arrivals = Arrivals::poisson(1000, 1), same = Arrivals::poisson(1000, 1), other = Arrivals::poisson(1000, 2);
    constexpr int n = 100'000;
    double before = 0, sum = 0, squares = 0;
    int below_mean = 0;
    bool equal = true, ascending = true, differs = false;
    for (int i = 0; i < n; ++i) {
        const auto at = arrivals.next();
        equal = equal && same.next() == at;
        differs = differs || other.next() != at;
        const double gap = milliseconds(at) - before;
        ascending = ascending && gap >= 0;
        before = milliseconds(at), sum += gap, squares += gap * gap;
        below_mean += gap < 1 ? 1 : 0;
    }
    CHECK(equal);
    CHECK(ascending);
    CHECK(differs);
    // An exponential's mean and standard deviation are equal, here 1 ms; 1 - 1/e of the gaps are below. Four standard
    // errors: 1/sqrt(n) of the mean, sqrt(2/n) of the deviation, sqrt(p (1 - p)/n) of the share.
    const double root = std::sqrt(static_cast<double>(n)), mean = sum / n;
    CHECK(std::abs(mean - 1) < 4 / root);
    CHECK(std::abs(std::sqrt(squares / n - mean * mean) - 1) < 4 * std::sqrt(2.) / root);
    CHECK(std::abs(below_mean / static_cast<double>(n) - (1 - std::exp(-1))) < 4 * .4823 / root);
}
