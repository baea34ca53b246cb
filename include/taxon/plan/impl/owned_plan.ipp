#pragma once
#include <taxon/plan/owned_plan.hpp>

#include <taxon/core/error.hpp>
#include <taxon/plan/allocate.hpp>
#include <taxon/plan/chain.hpp>
#include <taxon/plan/fuse.hpp>
#include <taxon/plan/packed_layout.hpp>

namespace taxon {

TAXON_DECL OwnedPlan plan_at_run_time(GraphView graph, const DataTypes& data_types, bool fuses) {
    auto plan = detail::Fuser<detail::at_run_time, detail::at_run_time>(graph, fuses, data_types).plan();
    if (plan.problem.size > 0)
        throw Error(Fault::unsupported, {.place = "plan", .found = std::string(plan.problem.view())});
    detail::lay_out_weights(plan);
    if (fuses) detail::keep_for_chains(plan);
    fuses ? detail::allocate_by_live_range(plan) : detail::allocate_end_to_end(plan);
    if (plan.arena_bytes == detail::too_large)
        throw Error(Fault::limit, {.place = "plan",
                                   .found = "values that take more than 2 GiB at once",
                                   .wanted = "smaller inputs, or a smaller batch"});
    const PlanView view = plan.view();
    return {{view.steps.begin(), view.steps.end()},
            {view.slots.begin(), view.slots.end()},
            {view.buffers.begin(), view.buffers.end()},
            view.inputs,
            {view.outputs.begin(), view.outputs.end()},
            view.arena_bytes,
            view.weight_bytes,
            view.bias_count};
}

}  // namespace taxon
