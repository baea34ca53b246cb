#pragma once
#include <taxon/core/separate_compilation.hpp>
#include <taxon/plan/plan.hpp>
#include <vector>

namespace taxon {

/// A plan made at run time.
struct OwnedPlan {
    std::vector<Step> steps{};
    std::vector<TensorSlot> slots{};
    std::vector<Buffer> buffers{};
    int inputs = 0;
    std::vector<int> outputs{};
    int arena_bytes = 0, weight_bytes = 0, bias_count = 0;

    PlanView view() const { return {steps, slots, buffers, inputs, outputs, arena_bytes, weight_bytes, bias_count}; }
};

/// The plan of any graph: the same as plan_of makes of a type whose graph is equal. Throws Fault::unsupported, naming
/// the layer, for what the Cpu backend cannot run, and ::limit for values that take more than 2 GiB at once.
TAXON_DECL OwnedPlan plan_at_run_time(GraphView graph, const DataTypes& data_types = {}, bool fuses = true);

/// The plan that the compiler makes for the same architecture with a precision of these data types.
template <Architecture A, Shape Input = first_input<A>, bool Fuses = true>
OwnedPlan owned_plan_of(const DataTypes& data_types) {
    return plan_at_run_time(graph_of<A, Input>, data_types, Fuses);
}

}  // namespace taxon

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/plan/impl/owned_plan.ipp>
#endif
