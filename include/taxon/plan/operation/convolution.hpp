#pragma once
#include <taxon/plan/operation/operation.hpp>
#include <taxon/plan/phase.hpp>
#include <taxon/plan/winograd.hpp>

namespace taxon::detail {

/// Convolutions and linear layers, with the normalisation, activation and residual that follow.
template <>
struct Operation<Op::convolution> {
    static constexpr bool plan(auto& fuser, Step& step, int& value) {
        const Node& node = fuser.graph().node(value);
        Geometry& geometry = step.geometry;
        const bool one_pixel = node.in.pixels() == 1 && node.out.pixels() == 1,
                   one_tap = node.window.taps() == 1 && node.window.y.before + node.window.x.before == 0,
                   vector = one_pixel && one_tap && node.groups == 1 && !node.in.sequence;
        geometry.kernel = node.depthwise() ? Kernel::depthwise : vector ? Kernel::product : Kernel::convolution;
        geometry.transposed = node.transposed && !vector;
        const int source = fuser.graph().operand(node, 0);
        const DataTypes& data_types = fuser.data_types();
        const bool narrows = geometry.kernel == Kernel::convolution && fuser.can_narrow(source);
        if (geometry.kernel == Kernel::convolution && !narrows && suits_winograd(node)) {
            geometry.kernel = Kernel::winograd;
            step.scratch = fuser.new_scratch(winograd(node.in).scratch_size());
        }
        const auto halo = [&](const WindowAxis& window, int pixels, int outputs) {
            return halo_of(window, node.transposed, pixels, outputs);
        };
        step.source = fuser.read(source, {halo(node.window.y, node.in.height, node.out.height),
                                          halo(node.window.x, node.in.width, node.out.width)});
        if (narrows) fuser.narrow(step.source);
        if (narrows || (geometry.kernel == Kernel::product && !fuser.values().keeps(node)))
            geometry.weights = data_types.matrices;
        else if (geometry.kernel != Kernel::depthwise) geometry.weights = data_types.others;
        step.seven_bits = data_types.seven_bits && geometry.weights == Element::int8;
        geometry.groups = node.depthwise() ? node.groups : merged_groups(node, geometry.weights);
        geometry.merged = node.groups / geometry.groups;
        if (fuser.fuse(value, fuser.follower(value, Op::batch_norm))) step.norm = value;
        fuser.fuse_activation(step, value);
        if (geometry.kernel == Kernel::convolution || geometry.kernel == Kernel::winograd)
            fuse_residual(fuser, step, value);
        return true;
    }

  private:
    /// Adds a residual that exists before the convolution runs. The activation comes before or after, as in the
    /// network. A sum that grows from block to block, which each block reads through a normalisation or as a rounded
    /// copy, stays float: errors would add up.
    static constexpr void fuse_residual(auto& fuser, Step& step, int& value) {
        const int sum = fuser.follower(value, Op::add);
        if (sum == none) return;
        const Node& add = fuser.graph().node(sum);
        const int shortcut = fuser.graph().operand(add, fuser.graph().operand(add, 0) == value ? 1 : 0);
        if (shortcut >= step.first || !fuser.has_slot(shortcut)) return;
        fuser.fuse(value, sum);
        step.operand = fuser.read(shortcut);
        if (fuser.is_narrow(step.source) && fuser.can_narrow(shortcut) && !fuser.values().unrounded[size(shortcut)])
            fuser.narrow(step.operand);
        step.geometry.residual = true;
        const bool before = step.geometry.activation != Activation::none;
        fuser.fuse_activation(step, value);
        step.geometry.activation_last = !before && step.geometry.activation != Activation::none;
    }
};

inline constexpr KernelTraits convolution_traits{
    Kernel::convolution, "convolution", [](PlanView, const Step& step) {
        const Geometry& g = step.geometry;
        const int channels = g.out.shape.channels;
        int depth = 0;
        for_each_phase(g, [&](const Phase& phase) { depth += phase.depth; });
        return PackedSize{.panel = panel_width(outputs_of_group(g), g.in.shape.sequence && fold_of(g.weights) > 1),
                          .depth = depth,
                          .columns = round_up(channels, 8),
                          .floats = channels};
    }};

inline constexpr KernelTraits winograd_traits{Kernel::winograd, "winograd", [](PlanView, const Step& step) {
                                                  const int channels = step.geometry.out.shape.channels;
                                                  return PackedSize{.panel = Winograd::panel,
                                                                    .depth = Winograd::products *
                                                                             step.geometry.in.shape.channels,
                                                                    .columns = round_up(channels, 8),
                                                                    .floats = channels};
                                              }};

inline constexpr KernelTraits depthwise_traits{
    Kernel::depthwise, "depthwise", [](PlanView, const Step& step) {
        const int channels = step.geometry.out.shape.channels, columns = round_up(channels, 8);
        return PackedSize{columns, step.geometry.window.taps(), columns, channels};
    }};

inline constexpr KernelTraits product_traits{
    Kernel::product, "product", [](PlanView, const Step& step) {
        const int channels = step.geometry.out.shape.channels;
        return PackedSize{.panel = 32,
                          .depth = round_up(step.geometry.in.shape.channels, 2),  // two inputs in flight
                          .columns = round_up(channels, 32),
                          .floats = channels};
    }};

}  // namespace taxon::detail
