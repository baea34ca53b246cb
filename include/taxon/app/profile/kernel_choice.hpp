#pragma once
#include <string>
#include <string_view>
#include <taxon/plan/operations.hpp>
#include <taxon/plan/panel.hpp>
#include <taxon/plan/winograd.hpp>

#include <fmt/core.h>

namespace taxon::app {

namespace detail {

inline std::string why_convolution(const Geometry& g, std::string_view isa) {
    if (isa == "amx" && g.groups == 1 && !g.transposed && fold_of(g.weights) > 1)
        return "dense; matrix tiles multiply these numbers where enough inputs meet";
    if (g.transposed) return "transposed: a dense convolution for each place between the input's pixels";
    if (g.groups > 1) return fmt::format("{} groups, a dense product each", g.groups);
    if (g.in.shape.sequence) return "tokens times a matrix: a dense product";
    if (g.window.is_pixel()) return "1x1: a dense product";
    const WindowAxis &y = g.window.y, &x = g.window.x;
    if (y.size != 3 || x.size != 3 || y.stride * x.stride > 1 || y.dilation * x.dilation > 1)
        return "dense; Winograd is for 3x3 of stride 1";
    if (g.weights != Element::float32 && fold_of(g.weights) > 1)
        return fmt::format("dense {}: Winograd's transformed weights would need more bits", name_of(g.weights));
    if (g.in.shape.channels < 16 || g.out.shape.channels < 16)
        return "dense: below 16 channels Winograd's transforms cost more than they save";
    return "dense: on so few pixels Winograd would read four times the weights for little";
}

}  // namespace detail

/// Why a step has its kernel, for people: the rule of plan/operation/ that chose it.
inline std::string why(const Step& step, std::string_view isa) {
    const Geometry& g = step.geometry;
    switch (g.kernel) {
        case Kernel::convolution: return detail::why_convolution(g, isa);
        case Kernel::winograd:
            return fmt::format("3x3 of stride 1 on {}x{} pixels: a quarter of the multiplications", g.out.shape.height,
                               g.out.shape.width);
        case Kernel::depthwise: return "one filter per channel";
        case Kernel::product: return "one pixel: a matrix times a vector";
        case Kernel::affine:
            return g.by_channel ? "what integers are rounded to, with a factor for each channel"
                                : "a normalisation that follows no convolution it could be folded into";
        case Kernel::copy: return "a slice that cannot lie in place, or what 16-bit integers are rounded to";
        case Kernel::scale: return g.in_place ? "a gate per channel, in place" : "a gate per channel";
        case Kernel::activation: return "follows no step that could apply it";
        case Kernel::add: return "neither operand's step could add the other";
        case Kernel::pool: return g.window.adaptive() ? "no step before it could accumulate the mean" : "";
        default: return "";
    }
}

}  // namespace taxon::app
