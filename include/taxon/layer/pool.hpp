#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// Mean over all pixels: `AdaptiveAvgPool2d(1)`, flattened: (C, H, W) to (C).
struct GlobalAveragePool {
    static constexpr void trace(Tracer& tracer) {
        const Shape shape = tracer.shape();
        tracer.expect(!shape.sequence, "(GlobalAveragePool) wants a picture");
        tracer.node({.op = Op::pool, .pooling = Pooling::mean, .kernel = 0}, {shape.channels});
    }
};

}  // namespace taxon
