#pragma once
#include <taxon/plan/plan.hpp>
#include <taxon/plan/winograd.hpp>

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
constexpr bool rows_are_runs(View in, int window) { return window > 1 && in.pitch - in.shape.channels < 8; }

/// The number of runs in a window; and the inputs of one, padded to the fold of a product.
constexpr int run_count(View in, int window) { return rows_are_runs(in, window) ? window : window * window; }
constexpr int run_length(View in, int window, Element weights) {
    return round_up(rows_are_runs(in, window) ? window * in.pitch : in.shape.channels, fold_of(weights));
}

/// Work several times as long as a barrier, about 0.3 us: numbers moved, multiplications by weights that are read
/// once, and multiplications by weights that stay in registers.
inline constexpr long moves_worth_sharing = 50'000, products_worth_sharing = 50'000, tiles_worth_sharing = 200'000;

/// True if a step takes that long and can be split.
constexpr bool worth_sharing(const Geometry& g) {
    const int panels = g.panel > 0 ? (g.out.shape.channels + g.panel - 1) / g.panel : 1;
    const bool one_unit = g.kernel == Kernel::winograd && winograd(g.in.shape).blocks * panels == 1;
    const long outputs = g.out.shape.size(), inputs = g.kernel == Kernel::copy ? outputs : g.in.shape.size();
    const long least = g.kernel == Kernel::product ? products_worth_sharing : tiles_worth_sharing;
    const bool computes = g.kernel == Kernel::attention || outputs * g.depth > least;
    const bool moves = outputs + inputs > moves_worth_sharing;
    return !one_unit && (computes || moves);
}

/// Third stage of the planner: fixes the views, now that all readers and so all halos are known, and assigns packed
/// weights their offsets in the order in which the steps read them.
template <class Plan>
constexpr void lay_out_weights(Plan& plan) {
    for (int i = 0; i < plan.step_count; ++i) {
        Step& step = plan.step(i);
        Geometry& g = step.geometry;
        const PlanView view = plan.view();
        g.in = view.view(step.source), g.out = view.view(step.target),
        g.operand = view.view(step.operand == none ? step.target : step.operand);
        const int channels = g.out.shape.channels;
        int columns = round_up(channels, 8), biases = 0;
        switch (g.kernel) {
            case Kernel::convolution:
                g.panel = panel_width(channels, g.in.shape.sequence && fold_of(g.weights) > 1);
                g.depth = run_count(g.in, g.size) * run_length(g.in, g.size, g.weights);
                biases = channels;
                break;
            case Kernel::winograd:
                g.panel = Winograd::panel;
                g.depth = Winograd::products * g.in.shape.channels;
                biases = channels;
                break;
            case Kernel::depthwise:
                g.panel = columns;
                g.depth = g.size * g.size;
                biases = channels;
                break;
            case Kernel::product:
                columns = round_up(channels, 32);
                g.panel = 32;
                g.depth = round_up(g.in.shape.channels, 2);  // two inputs in flight
                biases = channels;
                break;
            case Kernel::copy: {  // zeros follow the last channels of a concatenation
                const TensorSlot& slice = plan.slot(step.target);
                const int end = slice.channel + channels;
                g.panel = end == plan.buffer_of(step.target).view.shape.channels ? round_up(end, 8) - end : 0;
                break;
            }
            case Kernel::embedding:
                g.depth = g.words + g.positions + g.types;
                if (step.norm != none) biases = 2 * round_up(channels, 32);
                break;
            case Kernel::boxes: biases = 2 * g.groups; break;
            case Kernel::affine:
            case Kernel::layer_norm: biases = 2 * round_up(channels, 32); break;
            case Kernel::attention:
            case Kernel::activation:
            case Kernel::add:
            case Kernel::scale:
            case Kernel::pool:
            case Kernel::upsample: break;
        }
        step.shared = worth_sharing(g);
        // and the weight scales
        if (g.weights == Element::int8 || g.weights == Element::int16) biases = 2 * round_up(biases, 32);
        step.weights_at = plan.weight_bytes, step.bias_at = plan.bias_count;
        plan.weight_bytes += round_up(columns * g.depth * static_cast<int>(size_of(g.weights)), 64);
        plan.bias_count += round_up(biases, 32);
        // Sequence lengths are run-time arguments, so equal layers of all lengths share a kernel.
        if (g.in.shape.sequence) g.in.shape.width = 0;
        if (g.out.shape.sequence) g.out.shape.width = g.operand.shape.width = 0;
    }
}

}  // namespace taxon::detail
