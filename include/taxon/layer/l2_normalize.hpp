#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// `torch.nn.functional.normalize` over the numbers of a vector, or the channels of each pixel or token:
/// x / max(‖x‖₂, 10⁻¹²).
struct L2Normalize {
    static constexpr void trace(Tracer& tracer) {
        tracer.expect(!tracer.shape().table, "(L2Normalize) wants a picture, tokens or a vector");
        tracer.node({.op = Op::l2_normalize}, tracer.shape());
    }
};

}  // namespace taxon
