#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <vector>

namespace taxon::app {

/// The `fraction` quantile of ascending numbers, with linear interpolation at position fraction * (n - 1): definition 7
/// of Hyndman and Fan, "Sample Quantiles in Statistical Packages" (1996), which numpy.percentile uses too.
inline double quantile(std::span<const double> sorted, double fraction) {
    const double place = fraction * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(std::floor(place));
    const auto above = std::min(below + 1, sorted.size() - 1);
    return std::lerp(sorted[below], sorted[above], place - std::floor(place));
}

/// Statistics of single runs' times, in the samples' unit. Needs at least one sample.
struct Latency {
    std::size_t n = 0;
    double mean = 0, min = 0, p50 = 0, p90 = 0, p95 = 0, p99 = 0, max = 0;

    static Latency of(std::vector<double> samples) {
        std::sort(samples.begin(), samples.end());
        const double sum = std::accumulate(samples.begin(), samples.end(), 0.0);
        const auto at = [&](double fraction) { return quantile(samples, fraction); };
        return {samples.size(),  sum / static_cast<double>(samples.size()),
                samples.front(), at(.5),
                at(.9),          at(.95),
                at(.99),         samples.back()};
    }
};

}  // namespace taxon::app
