#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// The mean of a sequence's tokens, without padding, as a vector.
struct MeanTokens {
    static constexpr void trace(Tracer& tracer) {
        tracer.expect(tracer.shape().sequence, "(MeanTokens) wants a sequence");
        tracer.node({.op = Op::mean_tokens}, {tracer.shape().channels});
    }
};

}  // namespace taxon
