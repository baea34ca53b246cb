#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// The features of a sequence's first token, as a vector.
struct FirstToken {
    static constexpr void trace(Tracer& tracer) {
        tracer.expect(tracer.shape().sequence, "(FirstToken) wants a sequence");
        tracer.node({.op = Op::first_token}, {tracer.shape().channels});
    }
};

}  // namespace taxon
