#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// An element-wise activation; the shape is unchanged.
template <Activation Function>
struct Activate {
    static constexpr void trace(Tracer& tracer) {
        tracer.node({.op = Op::activation, .activation = Function}, tracer.shape());
    }
};

using ReLU = Activate<Activation::relu>;
using ReLU6 = Activate<Activation::relu6>;
using LeakyReLU = Activate<Activation::leaky_relu>;      ///< max(x, x / 10), as in Darknet
using HardSigmoid = Activate<Activation::hard_sigmoid>;  ///< min(max(x / 6 + 1/2, 0), 1)
using HardSwish = Activate<Activation::hard_swish>;      ///< x · HardSigmoid(x); Howard et al. 2019, section 5.2
using Sigmoid = Activate<Activation::sigmoid>;           ///< 1 / (1 + e^−x)
using SiLU = Activate<Activation::silu>;                 ///< x · Sigmoid(x)
using Tanh = Activate<Activation::tanh>;
/// x · Φ(x) with the exact normal distribution, not the tanh form
using GELU = Activate<Activation::gelu>;

}  // namespace taxon
