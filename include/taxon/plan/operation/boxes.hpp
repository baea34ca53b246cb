#pragma once
#include <taxon/plan/operation/operation.hpp>

namespace taxon::detail {

template <>
struct Operation<Op::boxes> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        const Node& node = fuser.graph().node(value);
        step.geometry.kernel = Kernel::boxes;
        step.geometry.groups = node.groups, step.geometry.code = node.code;
        return true;
    }
};

/// Width and height of each anchor.
inline constexpr KernelTraits boxes_traits{
    Kernel::boxes, "boxes", [](PlanView, const Step& step) { return PackedSize{.floats = 2 * step.geometry.groups}; }};

}  // namespace taxon::detail
