#pragma once
#include <cstdint>
#include <taxon/plan/plan.hpp>

namespace taxon::detail {

/// Work several times as long as a barrier, about 0.3 us: numbers moved, multiplications by weights that are read
/// once, and multiplications by weights that stay in registers.
inline constexpr std::int64_t moves_worth_sharing = 50'000, products_worth_sharing = 50'000,
                              tiles_worth_sharing = 200'000;

/// An operation's part of the planner, one specialisation in operation/ for each Op:
///
///     static constexpr bool plan(auto& fuser, Step& step, int& value)
///
/// completes the step that starts with the node `value`, fuses into it those that follow, and leaves in `value` the
/// node whose value results. False: there is no step, because other steps compute the value.
template <Op>
struct Operation;

/// The packed weights of a kernel's step: outputs per panel, weights for each output, outputs padded to whole
/// registers, and floats: biases, or a factor and a term for each output.
struct PackedSize {
    int panel = 0, depth = 0, columns = 0, floats = 0;
};

/// A kernel's name and the packed weights of a step, whose views are known.
struct KernelTraits {
    Kernel kernel;
    std::string_view name;
    PackedSize (*packed_size)(PlanView plan, const Step& step) = [](PlanView, const Step&) { return PackedSize{}; };
};

}  // namespace taxon::detail
