#pragma once
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <taxon/number/number.hpp>
#include <taxon/graph/graph.hpp>
#include <taxon/plan/plan.hpp>
#include <taxon/number/range.hpp>
#include <vector>

namespace taxon::cpu {

/// Quantization parameters of every buffer of a plan. Concatenated values share a buffer, so they share one range that
/// covers all of theirs. Ranges of other values are ignored. Throws Fault::missing if a value stored as integers has no
/// range, and Fault::value if the range is not two finite numbers in order; both name the layer.
inline std::vector<QuantizationParameters> quantization_of(GraphView graph, PlanView plan,
                                                           const quantize::Ranges& ranges) {
    std::vector<std::optional<quantize::Range>> of_buffer(plan.buffers.size());
    const auto take = [&](int slot, int value, bool by_channel) {
        const auto buffer = static_cast<std::size_t>(plan.slot(slot).buffer);
        if (!is_integer(plan.buffers[buffer].view.element)) return;
        const std::string place_name =
            !graph.is_input(value) ? "layer '" + std::string(graph.name(graph.node(value))) + "'"
            : graph.inputs.size() > 1
                ? "input '" + std::string(graph.inputs[static_cast<std::size_t>(value)].name) + "'"
                : "the input";
        const auto found = ranges.find(graph.unrounded(value));
        if (found == ranges.end())
            throw Error(Fault::missing, {.place = place_name,
                                         .found = "no range of its values",
                                         .wanted = "one from calibration",
                                         .remedy = "calibrate with inputs of the kind that the network is to see"});
        const auto of_channels = ranges.by_channel.find(found->first);
        const quantize::Range whole =
            by_channel && of_channels != ranges.by_channel.end() ? of_channels->second.range : found->second;
        const auto [low, high] = whole;
        if (!std::isfinite(low) || !std::isfinite(high) || low > high)
            throw Error(Fault::value, {.place = place_name,
                                       .found = "a range from " + std::to_string(low) + " to " + std::to_string(high),
                                       .wanted = "two finite numbers in order"});
        auto& range = of_buffer[buffer];
        range = range ? quantize::Range{std::min(range->low, low), std::max(range->high, high)} : whole;
    };
    for (int input = 0; input < plan.inputs; ++input) take(input, input, false);
    for (const Step& step : plan.steps) take(step.target, step.last, step.geometry.by_channel);
    std::vector<QuantizationParameters> quantization(plan.buffers.size());
    for (std::size_t i = 0; i < quantization.size(); ++i) {
        if (!of_buffer[i]) continue;
        const auto scale = quantize::scale_of(
            *of_buffer[i], plan.buffers[i].view.element == Element::uint8 ? quantize::u8 : quantize::s16);
        quantization[i] = {scale.step, 1 / scale.step, static_cast<float>(scale.zero)};
    }
    return quantization;
}

/// The factors of every buffer's channels: none unless a step stores it with some, and `ranges` has them. Throws
/// Fault::shape if those are not as many as the value has channels, Fault::value if one is not a finite number above 0;
/// both name the layer.
inline std::vector<std::span<const float>> channel_factors_of(GraphView graph, PlanView plan,
                                                              const quantize::Ranges& ranges) {
    std::vector<std::span<const float>> factors(plan.buffers.size());
    for (const Step& step : plan.steps) {
        const auto found = ranges.by_channel.find(graph.unrounded(step.last));
        if (!step.geometry.by_channel || found == ranges.by_channel.end()) continue;
        const std::span<const float> all = found->second.factors;
        const auto channels = static_cast<std::size_t>(plan.slot(step.target).shape.channels);
        const std::string layer = "layer '" + std::string(graph.name(graph.node(step.last))) + "'";
        if (all.size() != channels)
            throw Error(Fault::shape, {.place = layer,
                                       .found = std::to_string(all.size()) + " factors of channels",
                                       .wanted = std::to_string(channels)});
        for (std::size_t c = 0; c < channels; ++c)
            if (!std::isfinite(all[c]) || all[c] <= 0)
                throw Error(Fault::value, {.place = layer + ", channel " + std::to_string(c),
                                           .found = "the factor " + std::to_string(all[c]),
                                           .wanted = "a finite number above 0"});
        factors[static_cast<std::size_t>(plan.slot(step.target).buffer)] = all;
    }
    return factors;
}

}  // namespace taxon::cpu
