#pragma once
#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

namespace taxon::app {

/// Minimum, mean, maximum and (population) standard deviation of a tensor's elements, for a table of layers.
struct Spread {
    double min = 0, mean = 0, max = 0, deviation = 0;

    static Spread of(std::span<const float> numbers) {
        if (numbers.empty()) return {};
        const auto [least, greatest] = std::minmax_element(numbers.begin(), numbers.end());
        const double n = static_cast<double>(numbers.size());
        const double mean = std::accumulate(numbers.begin(), numbers.end(), 0.0) / n;
        const double squares = std::accumulate(numbers.begin(), numbers.end(), 0.0,
                                               [&](double sum, float x) { return sum + (x - mean) * (x - mean); });
        return {*least, mean, *greatest, std::sqrt(squares / n)};
    }
};

}  // namespace taxon::app
