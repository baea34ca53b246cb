#pragma once
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <taxon/core/error.hpp>
#include <type_traits>
#include <vector>

namespace taxon::quantize {

/// One output channel's weights as integers: real = step * weight. The zero point of the input is multiplied by their
/// sum.
template <class Integer>
struct Row {
    float step = 1;
    int sum = 0;
    std::vector<Integer> weights{};
};

/// The largest magnitude of a weight, and of the values it is multiplied by: s8 meets u8, s16 meets 13 bits.
template <class Integer>
inline constexpr int most_weight = std::is_same_v<Integer, std::int8_t> ? 127 : 32767;
inline constexpr int most_of_seven_bits = 63;  ///< of int8 weights in QInt7MixedFloat32
template <class Integer>
inline constexpr int most_value = std::is_same_v<Integer, std::int8_t> ? 255 : 4095;

/// The largest sum of a row's magnitudes whose products with any values fit a 32-bit accumulator, in any order.
template <class Integer>
inline constexpr std::int64_t most_magnitude = std::numeric_limits<std::int32_t>::max() / most_value<Integer>;

/// Quantizes one output channel's weights symmetrically, to the nearest integers (ties to even) of
///   step = max(max |w| / most, sum |w| / most_magnitude),
/// the latter with a slightly larger step if rounding up would break the bound: Jacob et al. 2018, section 2, with one
/// step per channel as in Krishnamoorthi 2018, "Quantizing deep convolutional networks for efficient inference".
/// Weights that are all zero, or too small for a step with a finite reciprocal, become zeros with step 1. Throws
/// Fault::value if a weight is not finite or too large for a step, Fault::limit for more than most_magnitude weights,
/// most of which would come out as 0.
template <class Integer, class Real>
Row<Integer> quantize_row(std::span<const Real> weights, int most = most_weight<Integer>) {
    static_assert(std::is_same_v<Integer, std::int8_t> || std::is_same_v<Integer, std::int16_t>);
    if (weights.size() > static_cast<std::size_t>(most_magnitude<Integer>))
        throw Error(Fault::limit, {.place = "weights of one output",
                                   .found = std::to_string(weights.size()),
                                   .wanted = "at most " + std::to_string(most_magnitude<Integer>)});
    double greatest = 0, total = 0;
    for (const Real w : weights) {
        const double magnitude = std::abs(static_cast<double>(w));
        if (!(magnitude <= std::numeric_limits<float>::max()))
            throw Error(Fault::value, {.place = "weights of one output",
                                       .found = std::to_string(w),
                                       .wanted = "a finite number that a float can hold"});
        greatest = magnitude > greatest ? magnitude : greatest, total += magnitude;
    }
    Row<Integer> row{.weights = std::vector<Integer>(weights.size())};
    const double finest = greatest / most, bounded = total / most_magnitude<Integer>;
    for (double step = finest > bounded ? finest : bounded; step >= std::numeric_limits<float>::min();
         step *= 1 + 0x1p-12) {
        // weights are multiples of the rounded step
        row.step = static_cast<float>(step), row.sum = 0;
        std::int64_t magnitude = 0;
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const auto q = static_cast<int>(std::nearbyint(static_cast<double>(weights[i]) / row.step));
            row.weights[i] = static_cast<Integer>(q), row.sum += q, magnitude += q < 0 ? -q : q;
        }
        if (magnitude <= most_magnitude<Integer>) break;
    }
    return row;
}

}  // namespace taxon::quantize
