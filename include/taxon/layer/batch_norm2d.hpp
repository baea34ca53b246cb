#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// `torch.nn.BatchNorm2d` at evaluation: (x − mean) / √(variance + ε) · weight + bias, per channel; ε is 1 / InverseEpsilon.
template <int Channels, int InverseEpsilon = 100'000>
struct BatchNorm2d {
    static constexpr void trace(Tracer& tracer) {
        tracer.expect(tracer.shape().channels == Channels, "(BatchNorm2d<", Channels, ">) wants ", Channels, " channels");
        Node node{.op = Op::batch_norm, .inverse_epsilon = InverseEpsilon};
        node.parameter = tracer.parameter("weight", Role::trained, Channels);
        tracer.parameter("bias", Role::trained, Channels);
        tracer.parameter("running_mean", Role::statistic, Channels);
        tracer.parameter("running_var", Role::statistic, Channels);
        tracer.parameter("num_batches_tracked", Role::ignored);
        tracer.node(node, tracer.shape());
    }
};

}  // namespace taxon
