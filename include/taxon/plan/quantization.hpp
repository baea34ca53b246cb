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
    const auto take = [&](int slot, int value) {
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
        const auto [low, high] = found->second;
        if (!std::isfinite(low) || !std::isfinite(high) || low > high)
            throw Error(Fault::value, {.place = place_name,
                                       .found = "a range from " + std::to_string(low) + " to " + std::to_string(high),
                                       .wanted = "two finite numbers in order"});
        auto& range = of_buffer[buffer];
        range = range ? quantize::Range{std::min(range->low, low), std::max(range->high, high)} : found->second;
    };
    for (int input = 0; input < plan.inputs; ++input) take(input, input);
    for (const Step& step : plan.steps) take(step.target, step.last);
    std::vector<QuantizationParameters> quantization(plan.buffers.size());
    for (std::size_t i = 0; i < quantization.size(); ++i) {
        if (!of_buffer[i]) continue;
        const auto scale = quantize::scale_of(
            *of_buffer[i], plan.buffers[i].view.element == Element::uint8 ? quantize::u8 : quantize::s16);
        quantization[i] = {scale.step, 1 / scale.step, static_cast<float>(scale.zero)};
    }
    return quantization;
}

}  // namespace taxon::cpu
