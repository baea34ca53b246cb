#pragma once
#include <numeric>
#include <taxon/backend/reference/kernel/value.hpp>

namespace taxon::reference {

/// im2col: every output pixel's window as a row: (H' · W', C · k · k), zero-padded.
inline Value unfold(const Node& node, const Value& x) {
    const std::size_t k = size(node.kernel), stride = size(node.stride), pad = size(node.padding);
    const std::size_t channels = x.shape(0), height = x.shape(1), width = x.shape(2);
    const std::size_t rows = (height + 2 * pad - k) / stride + 1, columns = (width + 2 * pad - k) / stride + 1;
    Value padded = xt::zeros<double>({channels, height + 2 * pad, width + 2 * pad});
    xt::view(padded, xt::all(), xt::range(pad, pad + height), xt::range(pad, pad + width)) = x;
    Value windows = xt::zeros<double>({rows, columns, channels, k, k});
    for (std::size_t ky = 0; ky < k; ++ky)
        for (std::size_t kx = 0; kx < k; ++kx)
            xt::view(windows, xt::all(), xt::all(), xt::all(), ky, kx) =
                xt::transpose(xt::view(padded, xt::all(), xt::range(ky, ky + stride * (rows - 1) + 1, stride),
                                       xt::range(kx, kx + stride * (columns - 1) + 1, stride)),
                              {1, 2, 0});
    windows.reshape({rows * columns, channels * k * k});
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
