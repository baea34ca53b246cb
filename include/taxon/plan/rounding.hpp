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
    std::set<int> weights{};
};

/// True if a step multiplies integers.
inline bool multiplies_integers(const Step& step) {
    return step.geometry.weights == Element::int8 || step.geometry.weights == Element::int16;
}

/// Everything that a plan stores as integers. Throws as quantization_of does.
inline Rounding rounding_of(GraphView graph, PlanView plan, const Ranges& ranges) {
    const auto quantization = cpu::quantization_of(graph, plan, ranges);
    Rounding all;
    const auto take = [&](int slot, int value) {
        const Element element = plan.view(slot).element;
        if (!cpu::is_integer(element)) return;
        all.grid = element == Element::uint8 ? u8 : s16;
        const cpu::QuantizationParameters& as = quantization[static_cast<std::size_t>(plan.slot(slot).buffer)];
        all.values[value] = {as.scale, static_cast<int>(as.zero_point)};
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
                   .weights = {step.first}};
    const auto take = [&](int slot, int value) {
        if (plan.slot(slot).buffer == plan.slot(step.source).buffer && all.values.contains(value))
            alone.values[value] = all.values.at(value);
    };
    for (int input = 0; input < plan.inputs; ++input) take(input, input);
    for (const Step& maker : plan.steps) take(maker.target, maker.last);
    return alone;
}

/// Dequantizes a stored value.
inline float rounded(float number, Scale scale, Grid grid) { return real(quantized(number, scale, grid), scale); }

}  // namespace taxon::quantize
