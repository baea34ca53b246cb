#pragma once
#include <cstdint>
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// `torch.nn.GroupNorm`: the channels in Groups, each normalised over its channels and all pixels; ε is 1 /
/// InverseEpsilon.
template <int Groups, int Channels, bool Affine = true, std::int64_t InverseEpsilon = 100'000>
struct GroupNorm {
    static_assert(Groups > 0 && Channels % Groups == 0, "taxon::GroupNorm: the groups must divide the channels");

    static constexpr void trace(Tracer& tracer) {
        const Shape shape = tracer.shape();
        tracer.expect(shape.channels == Channels && !shape.sequence && Channels / Groups * shape.pixels() > 1,
                      "(GroupNorm<", Groups, ", ", Channels, ">) wants a picture of ", Channels,
                      " channels, and more than one number in each group");
        Node node{.op = Op::group_norm, .groups = Groups, .inverse_epsilon = InverseEpsilon};
        if (Affine) {
            node.parameter = tracer.parameter("weight", Role::trained, Channels);
            node.bias = tracer.parameter("bias", Role::trained, Channels);
        }
        tracer.node(node, shape);
    }
};

/// `torch.nn.InstanceNorm2d` without running statistics: every channel normalised over its pixels.
template <int Channels, bool Affine = false, std::int64_t InverseEpsilon = 100'000>
using InstanceNorm2d = GroupNorm<Channels, Channels, Affine, InverseEpsilon>;

}  // namespace taxon
