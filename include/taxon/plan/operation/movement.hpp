#pragma once
#include <taxon/plan/operation/operation.hpp>

namespace taxon::detail {

/// The network's input is there before the first step.
template <>
struct Operation<Op::input> {
    static constexpr bool plan(auto&, Step&, int&) { return false; }
};

/// Copies into their slices those operands that could not be written there directly.
template <>
struct Operation<Op::concat> {
    static constexpr bool plan(auto& fuser, Step&, int& value) {
        const TensorSlot whole = fuser.slot(fuser.slot_of(value));
        const Node& node = fuser.graph().node(value);
        int channel = 0;
        for (const int operand : fuser.graph().operands(node)) {
            const Shape shape = fuser.graph().node(operand).out;
            const bool lies_there =
                fuser.values().parent[size(operand)] == value && fuser.values().channel[size(operand)] == channel;
            if (!lies_there) {
                if (shape.table) {
                    fuser.refuse(node, "makes each table of a concatenation for that one alone");
                    return false;
                }
                Step step{
                    .geometry = {.kernel = Kernel::copy}, .source = fuser.read(operand), .first = value, .last = value};
                fuser.finish(step, fuser.new_slot(shape, whole.buffer, whole.channel + channel));
            }
            channel += shape.table ? shape.size() : shape.channels;
        }
        return false;
    }
};

/// A slice that its readers cannot read in place.
template <>
struct Operation<Op::slice> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        const Node& node = fuser.graph().node(value);
        step.geometry.kernel = Kernel::copy;
        const TensorSlot whole = fuser.slot(fuser.read(fuser.graph().operand(node, 0)));
        step.source = fuser.new_slot(node.out, whole.buffer, whole.channel + node.channel);
        return true;
    }
};

template <>
struct Operation<Op::resize> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        step.geometry.kernel = Kernel::resize;
        step.geometry.resizing = fuser.graph().node(value).resizing;
        return true;
    }
};

template <>
struct Operation<Op::shuffle> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        const Node& node = fuser.graph().node(value);
        step.geometry.kernel = Kernel::shuffle;
        step.geometry.shuffle = node.shuffle, step.geometry.groups = node.groups;
        return true;
    }
};

template <>
struct Operation<Op::first_token> {
    static constexpr bool plan(auto&, Step& step, int&) {
        step.geometry.kernel = Kernel::copy;
        return true;
    }
};

template <>
struct Operation<Op::prepend> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        step.geometry.kernel = Kernel::prepend;
        step.operand = fuser.read(fuser.graph().operand(fuser.graph().node(value), 1));
        return true;
    }
};

inline constexpr KernelTraits prepend_traits{Kernel::prepend, "prepend"};
inline constexpr KernelTraits resize_traits{Kernel::resize, "resize"};
inline constexpr KernelTraits shuffle_traits{Kernel::shuffle, "shuffle"};
inline constexpr KernelTraits copy_traits{
    Kernel::copy, "copy", [](PlanView plan, const Step& step) {
        const TensorSlot& slice = plan.slot(step.target);
        const int end = slice.channel + slice.shape.channels;
        const bool last = end == plan.buffer(slice).view.shape.channels;
        return PackedSize{.panel = last ? round_up(end, 8) - end : 0};  // zeros follow a buffer's last channels
    }};

}  // namespace taxon::detail
