#pragma once
#include <taxon/plan/operation/operation.hpp>

namespace taxon::detail {

template <>
struct Operation<Op::attention> {
    static constexpr bool plan(auto&, Step& step, int&) {
        step.geometry.kernel = Kernel::attention;
        return true;
    }
};

/// The values of the pixels have a halo of zeros, which the windows at the edge read.
template <>
struct Operation<Op::outlook_attention> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        const Node& node = fuser.graph().node(value);
        step.geometry.kernel = Kernel::outlook_attention;
        step.source = fuser.read(fuser.graph().operand(node, 0), {1, 1});
        step.operand = fuser.read(fuser.graph().operand(node, 1));
        if (node.out.channels / node.heads % 8 > 0)
            fuser.refuse(node, "wants heads of a multiple of eight channels for outlook attention");
        return true;
    }
};

template <>
struct Operation<Op::class_attention> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        const Node& node = fuser.graph().node(value);
        step.geometry.kernel = Kernel::class_attention;
        step.operand = fuser.read(fuser.graph().operand(node, 1));
        step.scratch = fuser.new_scratch(node.heads * round_up(node.in.pixels() + 1, 8));
        if (node.out.channels / node.heads % 8 > 0)
            fuser.refuse(node, "wants heads of a multiple of eight channels for class attention");
        return true;
    }
};

inline constexpr KernelTraits attention_traits{Kernel::attention, "attention"};
inline constexpr KernelTraits outlook_attention_traits{Kernel::outlook_attention, "outlook_attention"};
inline constexpr KernelTraits class_attention_traits{Kernel::class_attention, "class_attention"};

}  // namespace taxon::detail
