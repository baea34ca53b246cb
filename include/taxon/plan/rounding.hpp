#pragma once
#include <map>
#include <set>
#include <taxon/plan/quantization.hpp>

namespace taxon::quantize {

/// The grids of a network's quantized values, by node, and the nodes whose weights are rounded.
struct Rounding {
    Element matrices = Element::int8;
    bool seven_bits = false;  ///< of int8 matrices
    Grid grid = u8;
    std::map<int, Scale> values{};
    std::map<int, std::vector<float>> factors{};  ///< that the channels of some of the values are divided by
    std::set<int> weights{};

    /// The value whose integers are read under a number: that value, or what a rounded copy that needs no memory of its
    /// own is made of.
    int stored(GraphView graph, int number) const {
        while (!values.contains(number) && graph.node(number).rounds()) number = graph.operand(graph.node(number), 0);
        return number;
    }

    /// Those of a value, or none.
    std::span<const float> factors_of(int value) const {
        const auto found = factors.find(value);
        return found == factors.end() ? std::span<const float>() : found->second;
    }
};

/// True if a step multiplies integers.
inline bool multiplies_integers(const Step& step) {
    return step.geometry.weights == Element::int8 || step.geometry.weights == Element::int16;
}

/// Everything that a plan stores as integers. Throws as quantization_of does.
inline Rounding rounding_of(GraphView graph, PlanView plan, const Ranges& ranges) {
    const auto quantization = cpu::quantization_of(graph, plan, ranges);
    const auto factors = cpu::channel_factors_of(graph, plan, ranges);
    Rounding all;
    const auto take = [&](int slot, int value) {
        const Element element = plan.view(slot).element;
        if (!cpu::is_integer(element)) return;
        all.grid = element == Element::uint8 ? u8 : s16;
        const cpu::QuantizationParameters& as = quantization[static_cast<std::size_t>(plan.slot(slot).buffer)];
        all.values[value] = {as.scale, static_cast<int>(as.zero_point)};
        const auto of_channels = factors[static_cast<std::size_t>(plan.slot(slot).buffer)];
        if (!of_channels.empty()) all.factors[value].assign(of_channels.begin(), of_channels.end());
    };
    for (int input = 0; input < plan.inputs; ++input) take(input, input);
    for (const Step& step : plan.steps) {
        take(step.target, step.last);
        if (!multiplies_integers(step)) continue;
        all.weights.insert(step.first);
        all.matrices = step.geometry.weights, all.seven_bits = step.seven_bits;
    }
    return all;
}

/// Of those, what one step multiplies: its weights, and the contents of its input buffer, which that buffer's other
/// readers then see as well.
inline Rounding rounding_of(const Rounding& all, PlanView plan, const Step& step) {
    Rounding alone{.matrices = all.matrices,
                   .seven_bits = all.seven_bits,
                   .grid = all.grid,
                   .values = {},
                   .factors = {},
                   .weights = {step.first}};
    const auto take = [&](int slot, int value) {
        if (plan.slot(slot).buffer == plan.slot(step.source).buffer && all.values.contains(value))
            alone.values[value] = all.values.at(value);
        else return;
        if (const auto factors = all.factors_of(value); !factors.empty())
            alone.factors[value].assign(factors.begin(), factors.end());
    };
    for (int input = 0; input < plan.inputs; ++input) take(input, input);
    for (const Step& maker : plan.steps) take(maker.target, maker.last);
    return alone;
}

/// Dequantizes a stored value.
inline float rounded(float number, Scale scale, Grid grid) { return real(quantized(number, scale, grid), scale); }

/// A pixel's or token's channels, dequantized. `factors`: that they were divided by, or none.
inline void round_channels(std::span<float> channels, Scale scale, std::span<const float> factors, Grid grid) {
    for (std::size_t c = 0; c < channels.size(); ++c) {
        const float factor = factors.empty() ? 1 : factors[c];
        channels[c] = rounded(channels[c] / factor, scale, grid) * factor;
    }
}

}  // namespace taxon::quantize
