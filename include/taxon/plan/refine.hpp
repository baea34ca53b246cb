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

/// Integers get a factor for each channel where that costs nothing but a register of factors instead of one of steps:
/// bytes that a layer normalisation, a convolution's GELU, or the rounding of floats stores, for convolutions of one
/// group and linear layers alone.
/// Channels of such values differ most: SmoothQuant, Xiao et al. 2023, "Accurate and Efficient Post-Training
/// Quantization for Large Language Models", section 3.
template <class Plan>
constexpr void find_factors_by_channel(Plan& plan, GraphView graph) {
    typename Plan::template OfBuffers<bool> refuses{};
    typename Plan::template OfBuffers<int> writers{};
    make_room(plan.buffers.size(), refuses, writers);
    const auto buffer = [&](int slot) { return size(plan.slot(slot).buffer); };
    const auto is_whole = [&](int slot) {
        const TensorSlot& place = plan.slot(slot);
        return place.channel == 0 && place.shape.channels == plan.buffer_of(slot).view.shape.channels;
    };
    for (int i = 0; i < plan.step_count; ++i) {
        const Step& step = plan.step(i);
        const Geometry& g = step.geometry;
        const bool is_product = g.kernel == Kernel::convolution && g.groups * g.merged == 1 && !g.transposed;
        if (!is_product || g.weights != Element::int8 || !is_whole(step.source)) refuses[buffer(step.source)] = true;
        for (const int other : {step.operand, step.third, step.fourth})
            if (other != none) refuses[buffer(other)] = true;
        const bool rounds = g.kernel == Kernel::copy && step.last != none && graph.node(step.last).rounds(),
                   finishes = is_product && !g.residual && g.activation == Activation::gelu;
        if (!(rounds || finishes || g.kernel == Kernel::layer_norm) || !is_whole(step.target))
            refuses[buffer(step.target)] = true;
        ++writers[buffer(step.target)];
    }
    for (int i = 0; i < plan.step_count; ++i) {
        Step& step = plan.step(i);
        const std::size_t target = buffer(step.target);
        if (plan.buffers[target].view.element != Element::uint8 || refuses[target] || writers[target] != 1) continue;
        step.geometry.by_channel = true;
        if (step.geometry.kernel == Kernel::copy) step.geometry.kernel = Kernel::affine;
    }
}

}  // namespace taxon::detail
