#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// `torch.nn.PReLU`: x, or below zero a trained slope times x; one slope for each channel, or one for all. Weight
/// (Slopes).
template <int Slopes = 1>
struct PReLU {
    static constexpr void trace(Tracer& tracer) {
        tracer.expect(Slopes == 1 || tracer.shape().channels == Slopes, "(PReLU<", Slopes, ">) wants ", Slopes,
                      " channels");
        tracer.node({.op = Op::prelu, .parameter = tracer.parameter("weight", Role::trained, Slopes)}, tracer.shape());
    }
};

}  // namespace taxon
