#pragma once
#include <algorithm>
#include <numeric>
#include <taxon/plan/panel.hpp>

namespace taxon::detail {

/// The outputs of a convolution that one set of taps makes, along an axis: all of them, or, of a transposed one, every
/// `stride`th, which is a convolution of stride 1 whose taps are every so many of the kernel's.
struct PhaseAxis {
    WindowAxis window{};              ///< over the inputs; of size 0 if no tap meets these outputs
    int first_tap = 0, tap_step = 1;  ///< of the kernel
    int first = 0, step = 1;          ///< outputs
    constexpr int output(int number) const { return first + number * step; }
    constexpr int outputs(int all) const { return std::max(0, (all - first + step - 1) / step); }
};

/// The outputs of a transposed convolution whose number is `phase` modulo the stride. Output i · stride − before +
/// t · dilation sums input i times tap t, so they share the taps t, t + T, …, T = stride / gcd(stride, dilation), which
/// read inputs that descend as the taps ascend.
constexpr PhaseAxis phase_of(const WindowAxis& window, bool transposed, int phase) {
    if (!transposed) return {.window = window};
    const auto& [size, stride, dilation, before, after] = window;
    const int common = std::gcd(stride, dilation), step = stride / common;
    int tap = 0;
    while (tap < size && (phase + before - tap * dilation) % stride != 0) ++tap;
    const int taps = tap < size ? (size - 1 - tap) / step + 1 : 0, last = tap + (taps - 1) * step;
    return {.window = {.size = taps,
                       .dilation = dilation / common,
                       .before = taps > 0 ? (last * dilation - phase - before) / stride : 0},
            .first_tap = last,
            .tap_step = -step,
            .first = phase,
            .step = stride};
}

/// The padding that a convolution of `pixels` to `outputs` reads before and after its input.
constexpr int halo_of(const WindowAxis& window, bool transposed, int pixels, int outputs) {
    int most = 0;
    for (int i = 0; i < (transposed ? window.stride : 1); ++i) {
        const PhaseAxis phase = phase_of(window, transposed, i);
        const auto& [size, stride, dilation, before, after] = phase.window;
        const int last = (phase.outputs(outputs) - 1) * stride - before + (size - 1) * dilation;
        if (size > 0 && phase.outputs(outputs) > 0) most = std::max({most, before, last - (pixels - 1)});
    }
    return most;
}

/// One of a convolution's sets of outputs, both axes, and where its weights and biases lie behind those of the step:
/// weights per output, floats.
struct Phase {
    PhaseAxis y{}, x{};
    int depth = 0, weights_before = 0, floats_before = 0;
};

constexpr int phases(const Geometry& g) { return g.transposed ? g.window.y.stride * g.window.x.stride : 1; }

/// Biases, and for integers the scale of every accumulator, of one phase.
constexpr int floats_of_phase(const Geometry& g) {
    const bool scales = g.weights == Element::int8 || g.weights == Element::int16;
    return (scales ? 2 : 1) * round_up(g.out.shape.channels, 32);
}

/// Weights per output of a phase whose window is that.
constexpr int depth_of(const Geometry& g, const Window& window) { return run_count(g, window) * run_length(g, window); }

/// Calls `act` with each phase of a convolution, in the order in which they are packed.
template <class Act>
constexpr void for_each_phase(const Geometry& g, Act act) {
    int weights = 0, floats = 0;
    for (int i = 0; i < phases(g); ++i) {
        Phase phase{phase_of(g.window.y, g.transposed, i / g.window.x.stride),
                    phase_of(g.window.x, g.transposed, i % g.window.x.stride)};
        phase.depth = depth_of(g, {phase.y.window, phase.x.window});
        phase.weights_before = weights, phase.floats_before = floats;
        weights += phase.depth, floats += floats_of_phase(g);
        act(phase);
    }
}

/// The geometry of a phase, as that of a convolution of its own; `out` and `operand` keep their rows and pixels.
constexpr Geometry geometry_of(const Geometry& g, const Phase& phase) {
    Geometry own = g;
    own.window = {phase.y.window, phase.x.window}, own.transposed = false, own.depth = phase.depth;
    return own;
}

}  // namespace taxon::detail
