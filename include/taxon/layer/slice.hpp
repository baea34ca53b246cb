#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// Channels First to First + Count, as `torch.split` yields them.
template <int First, int Count>
struct Slice {
    static constexpr void trace(Tracer& tracer) {
        Shape shape = tracer.shape();
        tracer.expect(!shape.sequence && shape.channels >= First + Count, "(Slice<", First, ", ", Count,
                      ">) wants at least ", First + Count, " channels");
        shape.channels = Count;
        tracer.node({.op = Op::slice, .channel = First}, shape);
    }
};

}  // namespace taxon
