#pragma once
#include <taxon/plan/operation/operation.hpp>

namespace taxon::detail {

template <>
struct Operation<Op::pool> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        const Node& node = fuser.graph().node(value);
        if (add_sums(fuser, node, value)) return false;
        step.geometry.kernel = Kernel::pool;
        step.geometry.pooling = node.pooling;
        return true;
    }

  private:
    /// Accumulates the mean of a depthwise convolution's output while it is computed.
    static constexpr bool add_sums(auto& fuser, const Node& node, int value) {
        if (!fuser.has_previous_step()) return false;
        Step& before = fuser.previous_step();
        const bool global = node.window.adaptive() && node.out.pixels() == 1,
                   of_depthwise =
                       before.geometry.kernel == Kernel::depthwise && before.last == fuser.graph().operand(node, 0);
        if (!global || !of_depthwise || fuser.values().parent[size(value)] != none) return false;
        before.geometry.sums = true, before.geometry.exact = fuser.data_types().quantized();
        before.sums = fuser.new_result_of_previous(value);
        return true;
    }
};

template <>
struct Operation<Op::upsample> {
    static constexpr bool plan(auto&, Step& step, int&) {
        step.geometry.kernel = Kernel::upsample;
        return true;
    }
};

inline constexpr KernelTraits pool_traits{Kernel::pool, "pool"};
inline constexpr KernelTraits upsample_traits{Kernel::upsample, "upsample"};

}  // namespace taxon::detail
