#pragma once
#include <taxon/core/separate_compilation.hpp>
#include <taxon/plan/plan.hpp>
#include <vector>

namespace taxon {

/// Steps between two barriers: some that one thread runs, and then some that all share. A part of the latter touches
/// nothing that another part of any of them writes, so a thread may run its part of all of them, one after the other,
/// whatever the other threads do meanwhile.
struct Superstep {
    int alone = 0;            ///< the first step that one thread runs
    int first = 0, last = 0;  ///< those that are shared: the first, and the one after the last
    bool operator==(const Superstep&) const = default;
};

/// The supersteps of a plan for at most that many parts, in order; the last one may have no shared steps. Shared steps
/// that are independent of each other, or whose parts read only what the same part wrote, are in one; so are small ones
/// that cost no barrier. `matrix_tiles`: convolutions of narrow weights are cut by those, not by rows.
TAXON_DECL std::vector<Superstep> supersteps_of(PlanView plan, int parts, bool matrix_tiles = false);

/// Those that have shared steps: as many as barriers in a run.
inline int shared_count(const std::vector<Superstep>& supersteps) {
    int count = 0;
    for (const Superstep& superstep : supersteps) count += superstep.first < superstep.last ? 1 : 0;
    return count;
}

}  // namespace taxon

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/plan/impl/superstep.ipp>
#endif
