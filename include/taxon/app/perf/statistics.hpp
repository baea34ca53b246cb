#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <string_view>
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

/// Whether `n` runs say too little about a quantile: with a probability of more than 5 % all of them are below it,
/// fraction ^ n, so that even the slowest run is no upper bound (Wilks 1941). p90 takes 29 runs, p99 299, p99.9 2,995.
inline bool too_few(std::size_t n, double fraction) { return std::pow(fraction, static_cast<double>(n)) > .05; }

/// The 95 % confidence interval of the median of ascending numbers, from order statistics, whatever the distribution:
/// ranks n/2 - 1.96 sqrt(n)/2 and 1 + n/2 + 1.96 sqrt(n)/2, rounded outwards (Conover, "Practical Nonparametric
/// Statistics", 3.2). Assumes that runs are independent.
struct Interval {
    double low = 0, high = 0;
};
inline Interval median_interval(std::span<const double> sorted) {
    const double n = static_cast<double>(sorted.size()), half = n / 2, reach = 1.96 * std::sqrt(n) / 2;
    const double low = std::max(1., std::floor(half - reach)), high = std::min(n, std::ceil(1 + half + reach));
    return {sorted[static_cast<std::size_t>(low) - 1], sorted[static_cast<std::size_t>(high) - 1]};
}

/// Statistics of single runs' times, in the samples' unit. Needs at least one sample.
struct Latency {
    std::size_t n = 0;
    double mean = 0, min = 0, p50 = 0, p90 = 0, p95 = 0, p99 = 0, p999 = 0, max = 0;
    Interval median{};  ///< the confidence interval of p50

    static Latency of(std::vector<double> samples) {
        std::sort(samples.begin(), samples.end());
        const double sum = std::accumulate(samples.begin(), samples.end(), 0.0);
        const auto at = [&](double fraction) { return quantile(samples, fraction); };
        return {samples.size(),  sum / static_cast<double>(samples.size()),
                samples.front(), at(.5),
                at(.9),          at(.95),
                at(.99),         at(.999),
                samples.back(),  median_interval(samples)};
    }
};

/// A percentile of Latency: its name, its fraction, its member.
struct Percentile {
    std::string_view name;
    double fraction;
    double Latency::*value;
};
inline constexpr Percentile percentiles[] = {{"p50", .5, &Latency::p50},
                                             {"p90", .9, &Latency::p90},
                                             {"p95", .95, &Latency::p95},
                                             {"p99", .99, &Latency::p99},
                                             {"p99.9", .999, &Latency::p999}};

}  // namespace taxon::app
