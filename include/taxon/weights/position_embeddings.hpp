#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <taxon/core/weight_source.hpp>
#include <vector>

namespace taxon {

namespace detail {

/// Where output `number` of `outputs` along an axis of `inputs` lies: four inputs, repeated beyond the edges, and their
/// weights by Keys' convolution ("Cubic convolution interpolation", 1981) with a = −3/4; centres of pixels, not
/// corners, are aligned.
struct CubicTaps {
    std::array<std::size_t, 4> inputs{};
    std::array<double, 4> weights{};

    CubicTaps(std::int64_t number, std::int64_t inputs_there, std::int64_t outputs) {
        constexpr double a = -0.75;
        const double at =
            (static_cast<double>(number) + 0.5) * static_cast<double>(inputs_there) / static_cast<double>(outputs) -
            0.5;
        const auto first = static_cast<std::int64_t>(std::floor(at));
        const double t = at - static_cast<double>(first);
        const auto near = [](double x) { return ((a + 2) * x - (a + 3)) * x * x + 1; };       // |x| <= 1
        const auto far = [](double x) { return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a; };  // 1 < |x| < 2
        weights = {far(t + 1), near(t), near(1 - t), far(2 - t)};
        for (std::size_t i = 0; i < 4; ++i)
            inputs[i] = static_cast<std::size_t>(
                std::clamp<std::int64_t>(first - 1 + static_cast<std::int64_t>(i), 0, inputs_there - 1));
    }
};

}  // namespace detail

/// Position embeddings (1, H, W, C) for another picture size, both given as the parameter's shape: each channel is
/// interpolated as by torch.nn.functional.interpolate with mode "bicubic", as sail-sg/volo does (utils/utils.py).
inline std::vector<float> resized_positions(std::span<const float> positions, const Dimensions& from,
                                            const Dimensions& to) {
    const auto channels = static_cast<std::size_t>(to[3]), row = static_cast<std::size_t>(from[2]) * channels;
    std::vector<float> resized;
    std::vector<double> sums(channels);
    for (std::int64_t i = 0; i < to[1]; ++i)
        for (std::int64_t j = 0; j < to[2]; ++j) {
            const detail::CubicTaps y(i, from[1], to[1]), x(j, from[2], to[2]);
            std::fill(sums.begin(), sums.end(), 0);
            for (std::size_t m = 0; m < 4; ++m)
                for (std::size_t n = 0; n < 4; ++n) {
                    const float* pixel = positions.data() + y.inputs[m] * row + x.inputs[n] * channels;
                    for (std::size_t c = 0; c < channels; ++c) sums[c] += y.weights[m] * x.weights[n] * pixel[c];
                }
            for (const double sum : sums) resized.push_back(static_cast<float>(sum));
        }
    return resized;
}

}  // namespace taxon
