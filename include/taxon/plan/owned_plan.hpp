#pragma once
#include <taxon/plan/fuse.hpp>
#include <taxon/plan/packed_layout.hpp>
#include <vector>

namespace taxon {

/// A plan made at run time. It gives the steps, their number types and the size of the packed weights; its buffers have
/// no arena offsets.
struct OwnedPlan {
    std::vector<Step> steps{};
    std::vector<TensorSlot> slots{};
    std::vector<Buffer> buffers{};
    int inputs = 0;
    std::vector<int> outputs{};
    int weight_bytes = 0, bias_count = 0;

    PlanView view() const { return {steps, slots, buffers, inputs, outputs, 0, weight_bytes, bias_count}; }
};

/// The plan that the compiler makes for the same architecture with a precision of these data types.
template <Architecture A, Shape Input = first_input<A>, bool Fuses = true>
OwnedPlan owned_plan_of(const DataTypes& data_types) {
    constexpr GraphView graph = graph_of<A, Input>;
    auto plan = detail::Fuser<graph.nodes.size(), graph.operand_values.size()>(graph, Fuses, data_types).plan();
    detail::lay_out_weights(plan);
    const PlanView view = plan.view();
    return {{view.steps.begin(), view.steps.end()},
            {view.slots.begin(), view.slots.end()},
            {view.buffers.begin(), view.buffers.end()},
            view.inputs,
            {view.outputs.begin(), view.outputs.end()},
            view.weight_bytes,
            view.bias_count};
}

}  // namespace taxon
