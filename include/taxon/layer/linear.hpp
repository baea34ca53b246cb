#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// `torch.nn.Linear` on a vector of features, or on every token of a sequence: a 1x1 convolution, and treated as one from here on.
/// Weight (Out, In).
template <int In, int Out, bool Bias = true>
struct Linear {
    static constexpr void trace(Tracer& tracer) {
        Shape shape = tracer.shape();
        tracer.expect(shape.channels == In && (shape.sequence || shape.pixels() == 1), "(Linear<", In, ", ", Out, ">) wants ", In,
                      " features, as a vector or as tokens");
        Node node{.op = Op::convolution};
        node.parameter = tracer.parameter("weight", Role::trained, Out, In);
        if (Bias) node.bias = tracer.parameter("bias", Role::trained, Out);
        shape.channels = Out;
        tracer.node(node, shape);
    }
};

}  // namespace taxon
