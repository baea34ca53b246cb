#pragma once
#include <taxon/plan/fuse.hpp>
#include <taxon/plan/allocate.hpp>
#include <taxon/plan/chain.hpp>
#include <taxon/plan/packed_layout.hpp>

namespace taxon {
namespace detail {

// Each stage is a constant of its own, so that none of them meets the compilers' limits on one constant expression.
template <Architecture A, Shape Input, bool Fuses, DataTypes S>
inline constexpr auto fused =
    Fuser<graph_of<A, Input>.nodes.size(), graph_of<A, Input>.operand_values.size()>(graph_of<A, Input>, Fuses, S)
        .plan();

template <Architecture A, Shape Input, bool Fuses, DataTypes S>
inline constexpr Text<224> plan_problem = fused<A, Input, Fuses, S>.problem;

/// Checks the layer names that a precision keeps in float; the data types have only their hashes.
template <Architecture A, Shape Input, class Precision>
inline constexpr Text<224> float_layers_problem = [] {
    Text<224> problem;
    if constexpr (requires { Precision::layers; })
        for (const std::string_view name : Precision::layers) {
            bool found = false;
            for (const Node& node : graph_of<A, Input>.nodes) {
                const std::string_view layer = graph_of<A, Input>.name(node);
                found |= node.op == Op::convolution && !node.depthwise() &&
                         (layer == name || (layer.starts_with(name) && layer[name.size()] == '.'));
            }
            if (!found && problem.size == 0)
                problem << "precision::MixedPrecision: '" << name
                        << "' is no dense convolution or linear layer of this network, and no block with one";
        }
    return problem;
}();

template <Architecture A, Shape Input, bool Fuses, DataTypes S>
inline constexpr auto laid_out = [] {
    static_assert(no_problem<plan_problem<A, Input, Fuses, S>>());
    auto plan = fused<A, Input, Fuses, S>;
    lay_out_weights(plan);
    return plan;
}();

template <Architecture A, Shape Input, bool Fuses, DataTypes S>
inline constexpr auto allocated = [] {
    auto plan = laid_out<A, Input, Fuses, S>;
    if (Fuses) keep_for_chains(plan);
    Fuses ? allocate_by_live_range(plan) : allocate_end_to_end(plan);
    return plan;
}();

template <std::size_t Steps, std::size_t Slots, std::size_t Buffers, std::size_t Outputs>
struct PlanArrays {
    std::array<Step, Steps> steps{};
    std::array<TensorSlot, Slots> slots{};
    std::array<Buffer, Buffers> buffers{};
    std::array<int, Outputs> outputs{};
};

/// Trimmed: the stages' arrays are as large as the graph could need.
template <Architecture A, Shape Input, bool Fuses, DataTypes S>
inline constexpr auto trimmed = [] {
    constexpr auto& whole = allocated<A, Input, Fuses, S>;
    PlanArrays<size(whole.step_count), size(whole.slot_count), size(whole.buffer_count), size(whole.output_count)> plan;
    std::copy_n(whole.steps.begin(), whole.step_count, plan.steps.begin());
    std::copy_n(whole.slots.begin(), whole.slot_count, plan.slots.begin());
    std::copy_n(whole.buffers.begin(), whole.buffer_count, plan.buffers.begin());
    std::copy_n(whole.outputs.begin(), whole.output_count, plan.outputs.begin());
    return plan;
}();

}  // namespace detail

/// The plan of an architecture at an input shape. Fused, or one step per node with all values kept.
template <Architecture A, Shape Input = first_input<A>, bool Fuses = true, DataTypes S = DataTypes{}>
inline constexpr PlanView plan_of{
    detail::trimmed<A, Input, Fuses, S>.steps,          detail::trimmed<A, Input, Fuses, S>.slots,
    detail::trimmed<A, Input, Fuses, S>.buffers,        detail::allocated<A, Input, Fuses, S>.inputs,
    detail::trimmed<A, Input, Fuses, S>.outputs,        detail::allocated<A, Input, Fuses, S>.arena_bytes,
    detail::allocated<A, Input, Fuses, S>.weight_bytes, detail::allocated<A, Input, Fuses, S>.bias_count};

}  // namespace taxon
