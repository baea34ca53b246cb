#pragma once
#include <taxon/graph/loop_nest.hpp>

namespace taxon {

/// The same elements in the same order along as few axes as there can be, of the outer and the inner ones at least one
/// each where there were any: axes of one element are left out, and two become one where every operand and the result
/// run on from the one to the other.
constexpr LoopNest collapsed(const LoopNest& nest) {
    const auto at = [](int axis) { return static_cast<std::size_t>(axis); };
    LoopNest result = nest;
    result.sizes = {}, result.out.by = {};
    for (Strides& operand : result.operands) operand.by = {};
    result.rank = 0;
    const auto copy = [&](int from, int to) {
        result.sizes[at(to)] = nest.sizes[at(from)], result.out.by[at(to)] = nest.out.by[at(from)];
        for (std::size_t k = 0; k < nest.operands.size(); ++k)
            result.operands[k].by[at(to)] = nest.operands[k].by[at(from)];
    };
    const auto runs_on = [&](int axis, int to) {
        const auto same = [&](const Strides& before, const Strides& after) {
            return before.by[at(to)] == after.by[at(axis)] * nest.sizes[at(axis)];
        };
        bool all = same(result.out, nest.out);
        for (std::size_t k = 0; k < nest.operands.size(); ++k) all &= same(result.operands[k], nest.operands[k]);
        return all;
    };
    const auto add = [&](int first, int last) {
        const int begin = result.rank;
        for (int axis = first; axis < last; ++axis) {
            if (nest.sizes[at(axis)] == 1) continue;
            if (result.rank > begin && runs_on(axis, result.rank - 1)) {
                const int size = result.sizes[at(result.rank - 1)];
                copy(axis, result.rank - 1);
                result.sizes[at(result.rank - 1)] *= size;
            } else copy(axis, result.rank++);
        }
        if (result.rank == begin && first < last) copy(last - 1, result.rank++);
    };
    add(0, nest.rank - nest.inner);
    result.inner = -result.rank;
    add(nest.rank - nest.inner, nest.rank);
    result.inner += result.rank;
    // one number: an axis of one
    if (result.rank == 0) result.sizes[at(result.rank++)] = 1;
    return result;
}

}  // namespace taxon
