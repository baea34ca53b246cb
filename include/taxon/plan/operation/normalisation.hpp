#pragma once
#include <taxon/plan/operation/operation.hpp>

namespace taxon::detail {

/// A batch normalisation that no convolution took.
template <>
struct Operation<Op::batch_norm> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        step.geometry.kernel = Kernel::affine;
        step.norm = value;
        fuser.fuse_activation(step, value);
        return true;
    }
};

template <>
struct Operation<Op::layer_norm> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        step.geometry.kernel = Kernel::layer_norm;
        step.geometry.inverse_epsilon = fuser.graph().node(value).inverse_epsilon;
        return true;
    }
};

template <>
struct Operation<Op::group_norm> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        const Node& node = fuser.graph().node(value);
        step.geometry.kernel = Kernel::group_norm;
        step.geometry.groups = node.groups;
        step.geometry.inverse_epsilon = node.inverse_epsilon;
        fuser.fuse_activation(step, value);
        return true;
    }
};

template <>
struct Operation<Op::softmax> {
    static constexpr bool plan(auto&, Step& step, int&) {
        step.geometry.kernel = Kernel::softmax;
        return true;
    }
};

template <>
struct Operation<Op::l2_normalize> {
    static constexpr bool plan(auto&, Step& step, int&) {
        step.geometry.kernel = Kernel::l2_normalize;
        return true;
    }
};

/// A factor and a term for each channel.
constexpr PackedSize factors_and_terms(PlanView, const Step& step) {
    return {.floats = 2 * round_up(step.geometry.out.shape.channels, 32)};
}

inline constexpr KernelTraits affine_traits{Kernel::affine, "affine", factors_and_terms};
inline constexpr KernelTraits layer_norm_traits{Kernel::layer_norm, "layer_norm", factors_and_terms};
inline constexpr KernelTraits softmax_traits{Kernel::softmax, "softmax"};
inline constexpr KernelTraits l2_normalize_traits{Kernel::l2_normalize, "l2_normalize"};
inline constexpr KernelTraits group_norm_traits{Kernel::group_norm, "group_norm", factors_and_terms};

}  // namespace taxon::detail
