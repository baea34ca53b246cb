#include <taxon/app/perf/mann_whitney.hpp>

#include "catch.hpp"

#include <cmath>
#include <random>
#include <vector>

using namespace taxon::app;

namespace {

bool near(double a, double b) { return std::abs(a - b) <= 1e-9 * std::abs(b); }

}  // namespace

TEST_CASE("Mann-Whitney's U and p are SciPy's") {
    // scipy.stats.mannwhitneyu(a, b, method="asymptotic")
    const std::vector<double> a{1, 2, 3, 4.5, 7, 7, 9}, b{2, 5, 7, 8, 8, 10, 12, 1.5};
    const auto test = mann_whitney(a, b);
    CHECK(test.u == 18.5);
    CHECK(near(test.p, 0.2950199926313153));
    CHECK(near(test.first_longer, 18.5 / 56));
    std::vector<double> low, high;
    for (int i = 0; i < 20; ++i) low.push_back(10 + i);
    for (int i = 0; i < 25; ++i) high.push_back(20.5 + i);
    CHECK(near(mann_whitney(low, high).p, 2.995776603730982e-06));
    CHECK(near(mann_whitney(high, low).p, 2.995776603730982e-06));
    CHECK(mann_whitney(high, low).first_longer > .5);
}

TEST_CASE("equal times differ in nothing") {
    const std::vector<double> ones(3, 1.), more(4, 1.);
    CHECK(mann_whitney(ones, more).p == 1);
    CHECK(mann_whitney(ones, more).first_longer == .5);
}

TEST_CASE("of pairs of samples of one distribution, 5 % have p below 0.05") {
    std::mt19937_64 generator(1);
    int below = 0;
    constexpr int tests = 2000;
    for (int i = 0; i < tests; ++i) {
        std::vector<double> a(30), b(40);
        for (auto* sample : {&a, &b})
            for (double& x : *sample) x = std::exp(static_cast<double>(generator() >> 11) * 0x1p-53);
        below += mann_whitney(a, b).p < .05 ? 1 : 0;
    }
    // 100, give or take four standard deviations of 9.7
    CHECK(std::abs(below - .05 * tests) < 4 * 9.7);
}
