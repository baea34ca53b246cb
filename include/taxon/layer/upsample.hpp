#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// `torch.nn.Upsample(scale_factor=Factor, mode="nearest")`: replicates every pixel Factor x Factor times.
template <int Factor>
struct Upsample {
    static constexpr void trace(Tracer& tracer) {
        const Shape shape = tracer.shape();
        tracer.expect(!shape.sequence, "(Upsample<", Factor, ">) wants a picture");
        tracer.node({.op = Op::upsample, .stride = Factor},
                    {shape.channels, shape.height * Factor, shape.width * Factor});
    }
};

}  // namespace taxon
