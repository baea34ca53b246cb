#pragma once
#include <taxon/graph/fuse.hpp>
#include <taxon/graph/place.hpp>
#include <taxon/graph/weights.hpp>

namespace taxon {
namespace detail {

// Each stage is a constant of its own, so that none of them meets the compilers' limits on one constant expression.
template <Architecture A, Shape Input, bool Fuses>
inline constexpr auto fused = Fuser<graph_of<A, Input>.nodes.size(), graph_of<A, Input>.operand_values.size()>(graph_of<A, Input>, Fuses).plan();

template <Architecture A, Shape Input, bool Fuses>
inline constexpr Text<224> plan_problem = fused<A, Input, Fuses>.problem;

template <Architecture A, Shape Input, bool Fuses>
inline constexpr auto placed = [] {
    static_assert(no_problem<plan_problem<A, Input, Fuses>>());
    auto plan = fused<A, Input, Fuses>;
    Fuses ? place_buffers(plan) : line_up_buffers(plan);
    return plan;
}();

template <Architecture A, Shape Input, bool Fuses>
inline constexpr auto settled = [] {
    auto plan = placed<A, Input, Fuses>;
    place_weights(plan);
    return plan;
}();

template <std::size_t Steps, std::size_t Places, std::size_t Buffers>
struct PlanArrays {
    std::array<Step, Steps> steps{};
    std::array<Place, Places> places{};
    std::array<Buffer, Buffers> buffers{};
};

/// Only what is used: the stages' arrays are as large as the graph could need.
template <Architecture A, Shape Input, bool Fuses>
inline constexpr auto trimmed = [] {
    constexpr auto& whole = settled<A, Input, Fuses>;
    PlanArrays<size(whole.step_count), size(whole.place_count), size(whole.buffer_count)> plan;
    std::copy_n(whole.steps.begin(), whole.step_count, plan.steps.begin());
    std::copy_n(whole.places.begin(), whole.place_count, plan.places.begin());
    std::copy_n(whole.buffers.begin(), whole.buffer_count, plan.buffers.begin());
    return plan;
}();

}  // namespace detail

/// The plan of an architecture at an input shape. Fused, or a step a node with all values kept.
template <Architecture A, Shape Input = A::input, bool Fuses = true>
inline constexpr PlanView plan_of{detail::trimmed<A, Input, Fuses>.steps, detail::trimmed<A, Input, Fuses>.places, detail::trimmed<A, Input, Fuses>.buffers,
                           detail::settled<A, Input, Fuses>.input, detail::settled<A, Input, Fuses>.output, detail::settled<A, Input, Fuses>.arena_bytes,
                           detail::settled<A, Input, Fuses>.weight_count, detail::settled<A, Input, Fuses>.bias_count};

}  // namespace taxon
