#pragma once
#include <cmath>

#include <taxon/backend/reference/kernel/value.hpp>
#include <xtensor/xmath.hpp>

namespace taxon::reference {

/// NaN stays NaN: comparisons with it are false, and choose the second number.
inline Value activate(Activation function, const Value& x) {
    const double first = function.first, second = function.second;
    switch (function.kind) {
        case Activation::none: return x;
        case Activation::relu: return xt::maximum(0.0, x);
        case Activation::relu6: return xt::clip(x, 0.0, 6.0);
        case Activation::leaky_relu: return xt::where(x < 0.0, first * x, x);
        case Activation::hard_sigmoid: return xt::clip(x / 6.0 + 0.5, 0.0, 1.0);
        case Activation::hard_swish: return x * xt::clip(x / 6.0 + 0.5, 0.0, 1.0);
        case Activation::sigmoid: return 1.0 / (1.0 + xt::exp(-x));
        case Activation::silu: return x / (1.0 + xt::exp(-x));
        case Activation::tanh: return xt::tanh(x);
        case Activation::elu: return xt::where(x < 0.0, first * xt::expm1(x), x);
        case Activation::softplus:
            return xt::where(first * x > second, x, xt::log1p(xt::exp(xt::minimum(second, first * x))) / first);
        case Activation::mish: return x * xt::tanh(xt::log1p(xt::exp(xt::minimum(700.0, x))));
        case Activation::hard_tanh: return xt::clip(x, first, second);
        case Activation::times: return first * x;
        case Activation::gelu: return 0.5 * x * (1.0 + xt::erf(x / std::sqrt(2.0)));
    }
    return x;
}

/// x, or below zero x times its channel's slope, or the only one.
inline Value prelu(const Value& x, const Value& slopes) { return xt::where(x < 0.0, x * by_channel(slopes), x); }

/// x · gate, one number per channel.
inline Value gated(const Value& x, const Value& gate) { return x * by_channel(xt::view(gate, xt::all(), 0, 0)); }

/// Replicates every pixel factor x factor times.
inline Value upsample(const Value& x, std::size_t factor) {
    Value y = xt::zeros<double>({x.shape(0), x.shape(1) * factor, x.shape(2) * factor});
    for (std::size_t i = 0; i < factor; ++i)
        for (std::size_t j = 0; j < factor; ++j)
            xt::view(y, xt::all(), xt::range(i, y.shape(1), factor), xt::range(j, y.shape(2), factor)) = x;
    return y;
}

}  // namespace taxon::reference
