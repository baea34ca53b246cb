#pragma once
#include <taxon/plan/operation/operation.hpp>

namespace taxon::detail {

template <>
struct Operation<Op::activation> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        step.geometry.kernel = Kernel::activation;
        step.geometry.activation = fuser.graph().node(value).activation;
        return true;
    }
};

/// A step of its own: in the epilogue of a convolution's tile, slopes would cost every network compile time.
template <>
struct Operation<Op::prelu> {
    static constexpr bool plan(auto&, Step& step, int&) {
        step.geometry.kernel = Kernel::prelu;
        return true;
    }
};

/// A sum that no convolution took as its residual.
template <>
struct Operation<Op::add> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        step.geometry.kernel = Kernel::add;
        step.operand = fuser.read(fuser.graph().operand(fuser.graph().node(value), 1));
        fuser.fuse_activation(step, value);
        return true;
    }
};

/// Every channel times its gate.
template <>
struct Operation<Op::multiply> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        const int first = value;
        const Node& node = fuser.graph().node(first);
        step.geometry.kernel = Kernel::scale;
        step.operand = fuser.read(fuser.graph().operand(node, 1));
        fuser.fuse_activation(step, value);
        step.source = fuser.read(fuser.graph().operand(node, 0));
        if (fuser.can_overwrite(first, value)) fuser.overwrite(step.source, value);
        return true;
    }
};

inline constexpr KernelTraits activation_traits{Kernel::activation, "activation"};
inline constexpr KernelTraits add_traits{Kernel::add, "add"};
inline constexpr KernelTraits scale_traits{Kernel::scale, "scale"};
inline constexpr KernelTraits prelu_traits{Kernel::prelu, "prelu", [](PlanView, const Step& step) {
                                               return PackedSize{.floats = step.geometry.out.shape.channels};
                                           }};

}  // namespace taxon::detail
