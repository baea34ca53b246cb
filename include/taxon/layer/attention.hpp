#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// softmax(Q·Kᵀ / √d)·V per head (Vaswani et al. 2017, section 3.2), d = Features / Heads, over all tokens. Input: a
/// sequence of 3 · Features numbers per token, the queries, keys and values, each head by head; output: Features per
/// token.
template <int Features, int Heads>
struct SelfAttention {
    static_assert(Features % Heads == 0, "taxon::SelfAttention: the heads must divide the features");

    static constexpr void trace(Tracer& tracer) {
        const Shape shape = tracer.shape();
        tracer.expect(shape.sequence && shape.channels == 3 * Features, "(SelfAttention<", Features, ", ", Heads,
                      ">) wants tokens of ", 3 * Features, " features");
        tracer.node({.op = Op::attention, .heads = Heads}, Shape::tokens(Features, shape.width));
    }
};

}  // namespace taxon
