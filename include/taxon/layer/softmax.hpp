#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// `torch.nn.Softmax2d`, and `torch.nn.Softmax` over the numbers of a vector or of each token: e^x / Σ e^x over the
/// channels of each pixel.
struct Softmax {
    static constexpr void trace(Tracer& tracer) {
        tracer.expect(!tracer.shape().table, "(Softmax) wants a picture, tokens or a vector");
        tracer.node({.op = Op::softmax}, tracer.shape());
    }
};

}  // namespace taxon
