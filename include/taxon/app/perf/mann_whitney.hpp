#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace taxon::app {

/// A test of whether one of two sets of times tends to be longer.
struct MannWhitney {
    double u = 0;             ///< pairs in which the first one is longer, half of those that are equal included
    double p = 1;             ///< two-sided: how often chance alone gives so uneven a U
    double first_longer = 0;  ///< u as a fraction of all pairs; 0.5: neither
};

/// Mann and Whitney's U test, by the normal approximation with corrections for ties and continuity, as
/// scipy.stats.mannwhitneyu(…, method="asymptotic"). Assumes that times are independent; both sets need at least one.
inline MannWhitney mann_whitney(std::span<const double> first, std::span<const double> second) {
    std::vector<std::pair<double, bool>> all;  // and whether it is of the first
    all.reserve(first.size() + second.size());
    for (const double time : first) all.emplace_back(time, true);
    for (const double time : second) all.emplace_back(time, false);
    std::sort(all.begin(), all.end());
    const double n1 = static_cast<double>(first.size()), n2 = static_cast<double>(second.size()), n = n1 + n2;
    double ranks = 0, ties = 0;  // the sum of the first's ranks; t^3 - t of each group of t equal times
    for (std::size_t i = 0, end = 0; i < all.size(); i = end) {
        double of_first = 0;
        for (; end < all.size() && all[end].first == all[i].first; ++end) of_first += all[end].second ? 1 : 0;
        const double equal = static_cast<double>(end - i);
        ranks += of_first * (static_cast<double>(i + 1 + end) / 2);
        ties += equal * equal * equal - equal;
    }
    MannWhitney test;
    test.u = ranks - n1 * (n1 + 1) / 2;
    test.first_longer = test.u / (n1 * n2);
    const double deviation = std::sqrt(n1 * n2 / 12 * (n + 1 - ties / (n * (n - 1))));
    const double distance = std::abs(test.u - n1 * n2 / 2) - .5;
    if (deviation > 0) test.p = std::min(1., std::erfc(distance / deviation / std::sqrt(2.)));
    return test;
}

}  // namespace taxon::app
