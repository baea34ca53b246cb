#pragma once
#include <taxon/backend/cpu/kernel_table.hpp>
#include <taxon/core/separate_compilation.hpp>
#include <vector>

namespace taxon::cpu {

/// A network's kernels, chosen when the program runs.
struct OwnedKernelTable {
    KernelTable table{};  ///< without calls
    std::vector<KernelCall> calls{};

    KernelTable view() const { return {table.isa, calls, table.load_input}; }
};

/// The kernels of a plan made at run time, which take all sizes as run-time numbers. They add in the same order as
/// those that are compiled for a plan, but for grouped convolutions. The instruction set must be supported. Throws
/// Fault::unsupported for a plan with other numbers than float32.
TAXON_DECL OwnedKernelTable kernel_table_at_run_time(PlanView plan, Isa isa);

}  // namespace taxon::cpu

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/backend/cpu/impl/run_time_kernels.ipp>
#endif
