#pragma once
#include <taxon/backend/cpu/executable.hpp>
#include <taxon/backend/cpu/pack.hpp>
#include <taxon/backend/cpu/run_time_kernels.hpp>
#include <taxon/plan/owned_plan.hpp>

namespace taxon::cpu {

/// A network that is no type, planned and bound when the program runs, in float32. The graph must outlive it.
class RunTimeNetwork {
  public:
    /// Throws what `plan_at_run_time`, `Parameters` and `parse_isa` throw.
    RunTimeNetwork(GraphView graph, const WeightSource& source, const Options& options = {}, bool fuses = true)
        : plan_(plan_at_run_time(graph, {}, fuses)),
          kernels_(kernel_table_at_run_time(plan_.view(), options.isa ? parse_isa(name_of(*options.isa), DataTypes{})
                                                                      : default_isa())),
          executable_(graph, plan_.view(),
                      pack(graph, plan_.view(), Parameters(graph, source), {}, multiplies_strips(kernels_.view().isa)),
                      kernels_.view(), options) {}
    RunTimeNetwork(const RunTimeNetwork&) = delete;
    RunTimeNetwork(RunTimeNetwork&&) = default;  // vectors keep their memory

    PlanView plan() const { return plan_.view(); }
    const Executable& executable() const { return executable_; }

  private:
    OwnedPlan plan_;
    OwnedKernelTable kernels_;
    Executable executable_;
};

}  // namespace taxon::cpu
