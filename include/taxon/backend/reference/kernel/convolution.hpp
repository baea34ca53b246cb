#pragma once
#include <numeric>
#include <taxon/backend/reference/kernel/value.hpp>

namespace taxon::reference {

/// The pixel that a tap of output `number` reads along an axis, or none, where there is padding.
inline int tapped(const WindowAxis& window, int number, int tap, int pixels) {
    const int pixel = number * window.stride - window.before + tap * window.dilation;
    return pixel >= 0 && pixel < pixels ? pixel : none;
}

/// im2col: every output pixel's window as a row: (H' · W', C · kH · kW), zero-padded.
inline Value unfold(const Node& node, const Value& x) {
    const auto& [rows, columns] = node.window;
    const int channels = static_cast<int>(x.shape(0)), height = static_cast<int>(x.shape(1)),
              width = static_cast<int>(x.shape(2)), down = rows.outputs(height), across = columns.outputs(width);
    Value windows = xt::zeros<double>({size(down * across), size(channels * node.window.taps())});
    const int taps = node.window.taps();
    for (int i = 0; i < down; ++i)
        for (int j = 0; j < across; ++j)
            for (int tap = 0; tap < taps; ++tap) {
                const int row = tapped(rows, i, tap / columns.size, height),
                          column = tapped(columns, j, tap % columns.size, width);
                if (row == none || column == none) continue;
                const double* from = x.data() + row * width + column;
                double* to = windows.data() + (i * across + j) * channels * taps + tap;
                for (int c = 0; c < channels; ++c) to[c * taps] = from[c * height * width];
            }
    return windows;
}

/// y[n, p] = Σ weight[n, c, ky, kx] · window[p, c, ky, kx] + bias[n], over the channels c of n's group; as many outputs
/// as there are weights for.
inline Value convolution(const Node& node, const Value& x, const Value& weight, const Value* bias) {
    const std::size_t outputs = weight.shape(0), group = outputs / size(node.groups), depth = weight.size() / outputs;
    const Value windows = unfold(node, x);
    const std::size_t pixels = windows.shape(0), row = windows.shape(1);
    const std::size_t width = node.out.sequence ? x.shape(2) : size(node.out.width);
    Value y = xt::zeros<double>({outputs, size(node.out.height), width});
    for (std::size_t n = 0; n < outputs; ++n)
        for (std::size_t p = 0; p < pixels; ++p) {
            const double* window = windows.data() + p * row + n / group * depth;
            y.data()[n * pixels + p] =
                std::inner_product(window, window + depth, weight.data() + n * depth, bias ? (*bias)(n) : 0.0);
        }
    return y;
}

}  // namespace taxon::reference
