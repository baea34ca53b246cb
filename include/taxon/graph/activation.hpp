#pragma once
#include <cstddef>
#include <taxon/core/real.hpp>

namespace taxon {

/// An element-wise function and its numbers.
struct Activation {
    enum Kind : unsigned char {
        none,
        relu,
        relu6,
        leaky_relu,  ///< x, or below zero `first` · x
        hard_sigmoid,
        hard_swish,
        sigmoid,
        silu,
        gelu,
        tanh,
        elu,        ///< x, or below zero `first` · (e^x − 1)
        softplus,   ///< ln(1 + e^(`first` · x)) / `first`, or x where `first` · x exceeds `second`
        mish,       ///< x · tanh(ln(1 + e^x))
        hard_tanh,  ///< min(max(x, `first`), `second`)
        times,      ///< `first` · x
    };
    static constexpr std::size_t count = times + 1;

    Kind kind = none;
    Real first{}, second{};

    constexpr Activation() = default;
    constexpr Activation(Kind function, Real a = {}, Real b = {}) : kind(function), first(a), second(b) {}
    constexpr bool operator==(const Activation&) const = default;
};

}  // namespace taxon
