#pragma once
#include <optional>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/graph/loop_nest.hpp>
#include <taxon/onnx/lowering/view.hpp>
#include <vector>

namespace taxon::onnx::lowering {

/// A nest over `sizes` with the operands' strides along the same axes, `inner` of them last ones. Axes of one
/// number are left out, and neighbours that all strides pass through in order are one.
inline LoopNest nest_of(const Dimensions& sizes, std::size_t inner, std::vector<View> operands,
                        std::optional<Dimensions> to = std::nullopt, std::int64_t to_first = 0) {
    Dimensions out =
        to ? *to : View::in_order(0, Dimensions(sizes.begin(), sizes.end() - static_cast<std::ptrdiff_t>(inner))).by;
    out.resize(sizes.size());
    LoopNest nest;
    std::vector<Dimensions> by;
    for (const View& operand : operands) by.push_back(operand.by);
    by.push_back(out);
    Dimensions kept;
    std::vector<Dimensions> kept_by(by.size());
    std::size_t kept_inner = 0;
    for (std::size_t axis = 0; axis < sizes.size(); ++axis) {
        const bool is_inner = axis + inner >= sizes.size();
        if (sizes[axis] == 1) continue;
        bool joins = !kept.empty() && is_inner == (kept_inner > 0);
        for (std::size_t k = 0; k < by.size() && joins; ++k)
            joins = (k + 1 == by.size() && is_inner && !to) || kept_by[k].back() == by[k][axis] * sizes[axis];
        if (joins) kept.back() *= sizes[axis];
        else kept.push_back(sizes[axis]), kept_inner += is_inner ? 1 : 0;
        for (std::size_t k = 0; k < by.size(); ++k)
            if (joins) kept_by[k].back() = by[k][axis];
            else kept_by[k].push_back(by[k][axis]);
    }
    if (inner > 0 && kept_inner == 0) {
        kept.push_back(1), ++kept_inner;
        for (Dimensions& strides : kept_by) strides.push_back(0);
    }
    if (kept.empty()) {
        kept.push_back(1);
        for (Dimensions& strides : kept_by) strides.push_back(0);
    }
    if (kept.size() > LoopNest::most_axes)
        throw Error(Fault::unsupported,
                    {.found = "an operation over " + std::to_string(kept.size()) + " axes", .wanted = "at most 8"});
    nest.rank = int_of(kept.size()), nest.inner = int_of(kept_inner);
    std::int64_t results = 1, terms = 1;
    for (std::size_t i = 0; i < kept.size(); ++i) {
        std::int64_t& count = i + kept_inner < kept.size() ? results : terms;
        count *= int_of(kept[i]);
        int_of(count);
        nest.sizes[i] = int_of(kept[i]);
        for (std::size_t k = 0; k < operands.size(); ++k) nest.operands[k].by[i] = int_of(kept_by[k][i]);
        nest.out.by[i] = int_of(kept_by.back()[i]);
    }
    for (std::size_t k = 0; k < operands.size(); ++k) nest.operands[k].first = int_of(operands[k].first);
    nest.out.first = int_of(to_first);
    nest.operand_count = int_of(operands.size());
    return nest;
}

}  // namespace taxon::onnx::lowering
