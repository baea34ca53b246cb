#pragma once
#include <algorithm>
#include <cmath>
#include <span>
#include <taxon/plan/plan.hpp>
#include <taxon/quantize/calibration.hpp>

namespace taxon::quantize {

/// Factors of a value's channels: the largest magnitude m of each as m^(5/8), the rest being left to the weights that
/// read it. After Xiao et al. 2023, "SmoothQuant: Accurate and Efficient Post-Training Quantization for Large Language
/// Models", equation 4, but without the magnitudes of those weights: docs/measurements.md. The quotients have the range
/// of all that was observed, whatever the method. `channels`: their ranges, at least one.
inline ChannelFactors channel_factors(std::span<const Range> channels) {
    std::vector<double> magnitudes;
    for (const Range& channel : channels)
        magnitudes.push_back(std::max(-static_cast<double>(channel.low), static_cast<double>(channel.high)));
    // a channel that is hardly ever used has a factor, too
    const double least = 1e-5 * *std::max_element(magnitudes.begin(), magnitudes.end());
    ChannelFactors found;
    for (std::size_t c = 0; c < channels.size(); ++c) {
        const double root = std::sqrt(least > 0 ? std::max(magnitudes[c], least) : 1);
        const auto factor = static_cast<float>(root * std::sqrt(std::sqrt(root)));  // exact roots: equal everywhere
        found.factors.push_back(factor);
        found.range = {std::min(found.range.low, channels[c].low / factor),
                       std::max(found.range.high, channels[c].high / factor)};
    }
    return found;
}

/// Of the values that a plan stores with factors, if they were observed with their shape.
inline std::map<int, ChannelFactors> channel_factors(GraphView graph, PlanView plan, const Calibration& calibration) {
    std::map<int, ChannelFactors> all;
    for (const Step& step : plan.steps) {
        const int value = graph.unrounded(step.last);
        const auto observed = calibration.channels().find(value);
        if (step.geometry.by_channel && observed != calibration.channels().end())
            all[value] = channel_factors(observed->second);
    }
    return all;
}

}  // namespace taxon::quantize
