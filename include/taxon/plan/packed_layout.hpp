#pragma once
#include <cstdint>
#include <taxon/plan/byte_order.hpp>
#include <taxon/plan/operations.hpp>

namespace taxon::detail {

/// Floats from a step's first one, of two for each channel, to the factors of Geometry::by_channel.
constexpr int factors_at(int channels) { return 2 * round_up(channels, 32); }

/// True if a step takes several times as long as a barrier and can be split. Of dense operations the loops say so.
constexpr bool worth_sharing(const Geometry& g) {
    if (has_nest(g.kernel) || g.kernel == Kernel::constant) return false;
    const int panels = g.panel > 0 ? (g.out.shape.channels + g.panel - 1) / g.panel : 1;
    const bool one_unit = g.kernel == Kernel::winograd && winograd(g.in.shape).blocks * panels == 1;
    const std::int64_t outputs = g.out.shape.size(), inputs = g.kernel == Kernel::copy ? outputs : g.in.shape.size();
    const std::int64_t least = g.kernel == Kernel::product ? products_worth_sharing : tiles_worth_sharing;
    const bool computes = g.kernel == Kernel::attention || outputs * g.depth / phases(g) > least;
    const bool moves = outputs + inputs > moves_worth_sharing;
    return !one_unit && (computes || moves);
}

/// Second stage of the planner: fixes the views, now that all readers and so all halos are known, and assigns packed
/// weights their offsets in the order in which the steps read them.
template <class Plan>
constexpr void lay_out_weights(Plan& plan) {
    for (int i = 0; i < plan.step_count; ++i) {
        Step& step = plan.step(i);
        Geometry& g = step.geometry;
        const PlanView view = plan.view();
        g.in = view.view(step.source), g.out = view.view(step.target),
        g.operand = view.view(step.operand == none ? step.target : step.operand);
        const PackedSize packed = traits_of(g.kernel).packed_size(view, step);
        g.panel = packed.panel, g.depth = packed.depth;
        int floats = packed.floats;
        step.shared = step.shared || worth_sharing(g);
        // and the weight scales
        if (g.weights == Element::int8 || g.weights == Element::int16) floats = 2 * round_up(floats, 32);
        if (g.transposed) floats = phases(g) * floats_of_phase(g);
        if (g.by_channel) floats = factors_at(g.out.shape.channels) + round_up(g.out.shape.channels, 32);
        step.weights_at = plan.weight_bytes, step.bias_at = plan.bias_count;
        plan.weight_bytes += round_up(packed.columns * g.depth * static_cast<int>(size_of(g.weights)), 64) +
                             round_up(byte_order_bytes(g), 64);
        plan.bias_count += round_up(floats, 32);
        // Sequence lengths are run-time arguments, so equal layers of all lengths share a kernel.
        if (g.kernel == Kernel::constant) plan.slot(step.target).constant = step.bias_at;
        // likewise all dense operations of a kind, which take their sizes from a LoopNest
        if (has_nest(g.kernel)) g.in = g.out = g.operand = {};
        if (g.in.shape.sequence) g.in.shape.width = 0;
        if (g.out.shape.sequence) g.out.shape.width = g.operand.shape.width = 0;
    }
}

}  // namespace taxon::detail
