#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// An element-wise activation; the shape is unchanged.
template <Activation Function>
struct Activate {
    static_assert(Function.kind != Activation::hard_tanh || double{Function.first} <= double{Function.second},
                  "taxon::HardTanh: the lower bound must not exceed the upper one");
    static_assert(Function.kind != Activation::softplus || double{Function.first} > 0,
                  "taxon::Softplus: beta must be positive");

    static constexpr void trace(Tracer& tracer) {
        tracer.node({.op = Op::activation, .activation = Function}, tracer.shape());
    }
};

using ReLU = Activate<Activation::relu>;
using ReLU6 = Activate<Activation::relu6>;
using HardSigmoid = Activate<Activation::hard_sigmoid>;  ///< min(max(x / 6 + 1/2, 0), 1)
using HardSwish = Activate<Activation::hard_swish>;      ///< x · HardSigmoid(x); Howard et al. 2019, section 5.2
using Sigmoid = Activate<Activation::sigmoid>;           ///< 1 / (1 + e^−x)
using SiLU = Activate<Activation::silu>;                 ///< x · Sigmoid(x)
using Tanh = Activate<Activation::tanh>;
/// x · Φ(x) with the exact normal distribution, not the tanh form
using GELU = Activate<Activation::gelu>;
using Mish = Activate<Activation::mish>;  ///< x · tanh(ln(1 + e^x))

/// x, or below zero Slope · x. PyTorch's slope is 0.01, Darknet's 0.1.
template <Real Slope = 0.01>
using LeakyReLU = Activate<Activation(Activation::leaky_relu, Slope)>;
/// x, or below zero Alpha · (e^x − 1).
template <Real Alpha = 1>
using ELU = Activate<Activation(Activation::elu, Alpha)>;
/// ln(1 + e^(Beta · x)) / Beta, or x where Beta · x exceeds Threshold.
template <Real Beta = 1, Real Threshold = 20>
using Softplus = Activate<Activation(Activation::softplus, Beta, Threshold)>;
/// Factor · x.
template <Real Factor>
using Times = Activate<Activation(Activation::times, Factor)>;
/// min(max(x, Low), High).
template <Real Low = -1, Real High = 1>
using HardTanh = Activate<Activation(Activation::hard_tanh, Low, High)>;

}  // namespace taxon
