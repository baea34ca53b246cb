#pragma once
#include <taxon/plan/plan.hpp>

namespace taxon::detail {

// What the planner improves once all steps are known.

/// A max pool's input is stored like its result: bytes are a quarter of the traffic of floats.
template <class Plan>
constexpr void pass_on_elements(Plan& plan, const typename Plan::template OfBuffers<bool>& buffer_stays_float) {
    for (int i = plan.step_count - 1; i >= 0; --i) {
        const Step& step = plan.step(i);
        const Element element = plan.buffer_of(step.target).view.element;
        const bool hands_on = step.geometry.kernel == Kernel::pool && step.geometry.pooling == Pooling::max;
        const bool floats =
            plan.slot(step.source).buffer < plan.inputs || buffer_stays_float[size(plan.slot(step.source).buffer)];
        if (hands_on && element != Element::float32 && !floats) plan.buffer_of(step.source).view.element = element;
    }
}

/// A pitch of whole pages would map all rows of a tile to the same cache sets (12x2 tiles fall to 78 % of peak), so it
/// gets one cache line more. Not where the same memory is a dense value.
template <class Plan>
constexpr void part_pitches(Plan& plan, const typename Plan::template OfBuffers<bool>& is_contiguous) {
    for (int i = 0; i < plan.buffer_count; ++i)
        if (View& view = plan.buffers[size(i)].view;
            view.pitch % 1024 == 0 && !is_contiguous[size(i)] && view.shape.pixels() > 1 && !view.shape.table)
            view.pitch += 64 / static_cast<int>(size_of(view.element));
}

/// Where only the first token's row of a value is read, only that row is computed: most of the last layer of a text
/// classifier. Attention reads all keys whatever the queries; everything else works row by row.
template <class Plan>
constexpr void find_first_only(Plan& plan, GraphView graph) {
    typename Plan::template OfBuffers<bool> whole{};
    make_room(plan.buffers.size(), whole);
    for (int i = 0; i < plan.output_count; ++i) whole[size(plan.slot(plan.outputs[size(i)]).buffer)] = true;
    for (int i = plan.step_count - 1; i >= 0; --i) {
        Step& step = plan.step(i);
        step.first_token_only = plan.slot(step.target).shape.sequence && !whole[size(plan.slot(step.target).buffer)];
        if (graph.node(step.first).op == Op::first_token ||
            (step.first_token_only && step.geometry.kernel != Kernel::attention))
            continue;
        for (const int slot : {step.source, step.operand, step.third, step.fourth})
            if (slot != none) whole[size(plan.slot(slot).buffer)] = true;
    }
}

}  // namespace taxon::detail
