#pragma once
#include <cstdint>
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// `torch.nn.LayerNorm` over the features of each token (or pixel); ε is 1 / InverseEpsilon.
template <int Features, std::int64_t InverseEpsilon = 100'000>
struct LayerNorm {
    static constexpr void trace(Tracer& tracer) {
        tracer.expect(tracer.shape().channels == Features, "(LayerNorm<", Features, ">) wants ", Features, " features");
        Node node{.op = Op::layer_norm, .inverse_epsilon = InverseEpsilon};
        node.parameter = tracer.parameter("weight", Role::trained, Features);
        tracer.parameter("bias", Role::trained, Features);
        tracer.node(node, tracer.shape());
    }
};

}  // namespace taxon
