#pragma once
#include <numeric>
#include <taxon/backend/reference/kernel/value.hpp>

namespace taxon::reference {

/// The pixel that a tap of output `number` reads along an axis: number · stride − before + tap · dilation; of a
/// transposed convolution the pixel from which that is the output. None if there is no such pixel.
inline int tapped(const WindowAxis& window, bool transposed, int number, int tap, int pixels) {
    const int place = number + window.before - tap * window.dilation;
    if (transposed && place % window.stride != 0) return none;
    const int pixel =
        transposed ? place / window.stride : number * window.stride - window.before + tap * window.dilation;
    return pixel >= 0 && pixel < pixels ? pixel : none;
}

/// im2col: every output pixel's window as a row: (H' · W', C · kH · kW), zero-padded. `across`: W'.
inline Value unfold(const Node& node, const Value& x, int across) {
    const auto& [rows, columns] = node.window;
    const int channels = static_cast<int>(x.shape(0)), height = static_cast<int>(x.shape(1)),
              width = static_cast<int>(x.shape(2)), down = node.out.height;
    Value windows = xt::zeros<double>({size(down) * size(across), size(channels * node.window.taps())});
    const int taps = node.window.taps();
    for (int i = 0; i < down; ++i)
        for (int j = 0; j < across; ++j)
            for (int tap = 0; tap < taps; ++tap) {
                const int row = tapped(rows, node.transposed, i, tap / columns.size, height),
                          column = tapped(columns, node.transposed, j, tap % columns.size, width);
                if (row == none || column == none) continue;
                const double* from = x.data() + row * width + column;
                double* to = windows.data() + (std::ptrdiff_t{i} * across + j) * channels * taps + tap;
                for (int c = 0; c < channels; ++c) to[c * taps] = from[c * height * width];
            }
    return windows;
}

/// y[n, p] = Σ weight[n, c, ky, kx] · window[p, c, ky, kx] + bias[n], over the channels c of n's group; as many outputs
/// as there are weights for. The outputs are the first dimension of the weights, transposed or not.
inline Value convolution(const Node& node, const Value& x, const Value& weight, const Value* bias) {
    const std::size_t outputs = weight.shape(0), group = outputs / size(node.groups), depth = weight.size() / outputs;
    const std::size_t width = node.out.sequence ? x.shape(2) : size(node.out.width);
    const Value windows = unfold(node, x, static_cast<int>(width));
    const std::size_t pixels = windows.shape(0), row = windows.shape(1);
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
