#pragma once
#include <taxon/plan/plan.hpp>
#include <taxon/quantize/calibration.hpp>
#include <taxon/weights/parameters.hpp>

namespace taxon::quantize {

/// The largest magnitude among the weights that read each channel, by value, of the values that a plan stores with
/// factors. Throws as Parameters does.
inline std::map<int, std::vector<float>> weights_by_channel(GraphView graph, PlanView plan,
                                                            const WeightSource& source) {
    std::map<int, std::vector<float>> all;
    std::map<int, int> values;  // by buffer
    for (const Step& step : plan.steps)
        if (step.geometry.by_channel) values[plan.slot(step.target).buffer] = graph.unrounded(step.last);
    if (values.empty()) return all;
    const Parameters parameters(graph, source);
    for (const Step& step : plan.steps) {
        const auto read = values.find(plan.slot(step.source).buffer);
        if (read == values.end()) continue;
        const Node& node = graph.node(step.first);
        std::vector<float>& channels = all[read->second];
        channels.resize(detail::size(node.in.channels));
        const std::size_t taps = detail::size(node.window.taps());
        const std::vector<float> weights = parameters.weights(node);
        for (std::size_t i = 0; i < weights.size(); ++i) {
            float& most = channels[i / taps % channels.size()];
            most = std::max(most, std::abs(weights[i]));
        }
    }
    return all;
}

/// Factors of a value's channels: sqrt(values / weights), of the largest magnitudes in a channel and among the weights
/// that read it, so that either has half of the other's spread: Xiao et al. 2023, "SmoothQuant: Accurate and Efficient
/// Post-Training Quantization for Large Language Models", equation 4. The quotients have the range of all that was
/// observed, whatever the method.
inline ChannelFactors channel_factors(std::span<const Range> values, std::vector<float> weights) {
    std::vector<float> magnitudes;
    for (const Range& range : values) magnitudes.push_back(std::max(-range.low, range.high));
    // channels that are hardly used have factors, too, but must not widen the range of all
    const auto raise = [](std::vector<float>& channels) {
        const float least = 1e-5f * *std::max_element(channels.begin(), channels.end());
        for (float& channel : channels) channel = least > 0 ? std::max(channel, least) : 1;
    };
    raise(magnitudes), raise(weights);
    ChannelFactors found;
    for (std::size_t c = 0; c < values.size(); ++c) {
        const float factor = std::sqrt(magnitudes[c] / weights[c]);
        found.factors.push_back(factor);
        found.range = {std::min(found.range.low, values[c].low / factor),
                       std::max(found.range.high, values[c].high / factor)};
    }
    return found;
}

/// Of all values that were observed with their shape. `weights`: see weights_by_channel.
inline std::map<int, ChannelFactors> channel_factors(const Calibration& calibration,
                                                     const std::map<int, std::vector<float>>& weights) {
    std::map<int, ChannelFactors> all;
    for (const auto& [value, ranges] : calibration.channels())
        if (const auto found = weights.find(value); found != weights.end())
            all[value] = channel_factors(ranges, found->second);
    return all;
}

}  // namespace taxon::quantize
