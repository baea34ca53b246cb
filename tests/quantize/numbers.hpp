#pragma once
#include <cmath>
#include <taxon/io/synthetic_weights.hpp>
#include <taxon/quantize/histogram.hpp>

/// Numbers of known distributions, the same on every machine, and what storing them costs.
namespace numbers {

/// Evenly spread over [low, high).
inline std::vector<float> uniform(std::size_t count, float low, float high, std::string_view salt = "uniform") {
    std::vector<float> numbers = taxon::io::synthetic_input(salt, "numbers", count);
    for (float& x : numbers) x = low + (high - low) * ((x + 1) / 2);
    return numbers;
}

/// Laplace's distribution of scale 1: magnitudes fall off as e^-x, up to 16.
inline std::vector<float> laplace(std::size_t count, std::string_view salt = "laplace") {
    std::vector<float> numbers = taxon::io::synthetic_input(salt, "numbers", count);
    for (float& x : numbers)
        x = static_cast<float>(std::copysign(std::log(1 - std::abs(x) * (1 - 0x1p-23)), static_cast<double>(x)));
    return numbers;
}

inline std::vector<float> rectified(std::vector<float> numbers) {
    for (float& x : numbers) x = std::max(x, 0.f);
    return numbers;
}

inline std::vector<float> with(std::vector<float> numbers, std::initializer_list<float> more) {
    numbers.insert(numbers.end(), more);
    return numbers;
}

/// The mean of (real - stored)^2, number by number.
inline double mean_square_error(std::span<const float> numbers, taxon::quantize::Range range,
                                taxon::quantize::Grid grid) {
    const auto scale = taxon::quantize::scale_of(range, grid);
    double sum = 0;
    for (const float x : numbers) {
        const double d = static_cast<double>(x) -
                         static_cast<double>(taxon::quantize::real(taxon::quantize::quantized(x, scale, grid), scale));
        sum += d * d;
    }
    return sum / static_cast<double>(numbers.size());
}

inline taxon::quantize::Histogram histogram_of(std::span<const float> numbers) {
    taxon::quantize::Histogram histogram;
    histogram.observe(numbers);
    return histogram;
}

/// The kind of error that `act` throws, if it throws one.
template <class Act>
std::optional<taxon::Fault> refusal(Act&& act) {
    try {
        act();
    } catch (const taxon::Error& error) { return error.fault(); }
    return std::nullopt;
}

}  // namespace numbers
