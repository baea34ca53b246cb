#pragma once
#include <taxon/plan/operation/operation.hpp>

namespace taxon::detail {

/// A parameter as a value. The step reads nothing but floats beside the weights, so its source is its target.
template <>
struct Operation<Op::parameter> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        step.geometry.kernel = Kernel::parameter;
        step.source = fuser.slot_of(value);
        return true;
    }
};

inline constexpr KernelTraits parameter_traits{Kernel::parameter, "parameter", [](PlanView, const Step& step) {
                                                   const Shape shape = step.geometry.out.shape;
                                                   return PackedSize{.floats =
                                                                         shape.pixels() * round_up(shape.channels, 8)};
                                               }};

}  // namespace taxon::detail
