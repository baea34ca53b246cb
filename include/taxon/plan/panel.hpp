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

/// A window's row is one contiguous run if pixels are adjacent; otherwise, in a slice, every tap is a run of its own.
constexpr bool rows_are_runs(View in, const Window& window) {
    return window.x.size > 1 && window.x.dilation == 1 && in.pitch - in.shape.channels < 8;
}

/// The number of runs in a window; and the inputs of one, padded to the fold of a product.
constexpr int run_count(View in, const Window& window) {
    return rows_are_runs(in, window) ? window.y.size : window.taps();
}
constexpr int run_length(View in, const Window& window, Element weights) {
    return round_up(rows_are_runs(in, window) ? window.x.size * in.pitch : in.shape.channels, fold_of(weights));
}

}  // namespace taxon::detail
