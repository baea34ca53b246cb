#pragma once
#include <string>
#include <taxon/plan/plan.hpp>
#include <tuple>

/// All that a step, a slot and a buffer hold, so that plans can be compared field by field.
inline auto fields(const taxon::Step& step) {
    const auto& [geometry, source, target, operand, sums, scratch, third, fourth, nest, first, norm, last, clears,
                 first_token_only, shared, seven_bits, weights_at, bias_at] = step;
    return std::tuple(geometry, source, target, operand, sums, scratch, third, fourth, nest, first, norm, last, clears,
                      first_token_only, shared, seven_bits, weights_at, bias_at);
}
inline auto fields(const taxon::TensorSlot& slot) {
    const auto& [buffer, channel, shape, renamed, constant] = slot;
    return std::tuple(buffer, channel, shape, renamed, constant);
}
inline auto fields(const taxon::Buffer& buffer) {
    const auto& [view, live_from, live_to, at] = buffer;
    return std::tuple(view, live_from, live_to, at);
}

/// The place of the first difference between two plans: "step 3", "slot 0", "sizes"; empty if there is none.
inline std::string difference_of(const taxon::PlanView& a, const taxon::PlanView& b) {
    const auto sizes = [](const taxon::PlanView& plan) {
        return std::tuple(plan.steps.size(), plan.slots.size(), plan.buffers.size(), plan.outputs.size(), plan.inputs,
                          plan.arena_bytes, plan.weight_bytes, plan.bias_count);
    };
    if (sizes(a) != sizes(b)) return "sizes";
    for (std::size_t i = 0; i < a.outputs.size(); ++i)
        if (a.outputs[i] != b.outputs[i]) return "output " + std::to_string(i);
    const auto first_of = [](const char* what, const auto& these, const auto& those) -> std::string {
        for (std::size_t i = 0; i < these.size(); ++i)
            if (fields(these[i]) != fields(those[i])) return what + (" " + std::to_string(i));
        return "";
    };
    for (const auto& found : {first_of("step", a.steps, b.steps), first_of("slot", a.slots, b.slots),
                              first_of("buffer", a.buffers, b.buffers)})
        if (!found.empty()) return found;
    return "";
}
