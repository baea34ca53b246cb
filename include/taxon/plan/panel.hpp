#pragma once
#include <algorithm>
#include <taxon/plan/plan.hpp>

namespace taxon::detail {

/// Up to 64 channels per panel, in multiples of eight, all panels equal but the last: 72 = 48 + 24, 96 = 48 + 48, 120 =
/// 64 + 56. Every instruction set can read such panels, so one packed file serves all. Narrow weights for tokens have
/// up to 32: matrix tiles take that many, and their weights should be contiguous.
constexpr int panel_width(int channels, bool narrow_tokens = false) {
    if (narrow_tokens) return std::min(32, round_up(channels, 8));
    const int panels = (channels + 63) / 64, eights = (channels + 7) / 8;
    const int width = (eights + panels - 1) / panels;
    return 8 * (panels == 1 ? width : round_up(width, 2));
}

/// The groups of a convolution as kernels compute them: neighbours are merged until their outputs fill registers of
/// eight and their inputs the fold of a product. Outputs then have weights of zero for their neighbours' inputs.
constexpr int merged_groups(const Node& node, Element weights) {
    const int inputs = node.in.channels / node.groups, outputs = node.out.channels / node.groups;
    for (int merged = 1; merged < node.groups; ++merged)
        if (node.groups % merged == 0 && outputs * merged % 8 == 0 && inputs * merged % fold_of(weights) == 0)
            return node.groups / merged;
    return 1;
}

/// Outputs of a group, in whole registers.
constexpr int outputs_of_group(const Geometry& g) { return round_up(g.out.shape.channels / g.groups, 8); }

/// A window's row is one contiguous run if pixels are adjacent; otherwise, in a slice or a group, every tap is a run of
/// its own.
constexpr bool rows_are_runs(const Geometry& g, const Window& window) {
    return window.x.size > 1 && window.x.dilation == 1 && g.groups == 1 && g.in.pitch - g.in.shape.channels < 8;
}

/// The number of runs in a window; and the inputs of one, padded to the fold of a product.
constexpr int run_count(const Geometry& g, const Window& window) {
    return rows_are_runs(g, window) ? window.y.size : window.taps();
}
constexpr int run_length(const Geometry& g, const Window& window) {
    return round_up(rows_are_runs(g, window) ? window.x.size * g.in.pitch : g.in.shape.channels / g.groups,
                    fold_of(g.weights));
}

}  // namespace taxon::detail
