#pragma once
#include <taxon/graph/tracer.hpp>

namespace taxon {

/// softmax(Q·Kᵀ / √d)·V per head (Vaswani et al. 2017, section 3.2), d = Features / Heads, over all tokens, or
/// over all pixels of a picture. Input: 3 · Features numbers for each, the queries, keys and values, each head by head;
/// output: Features for each.
template <int Features, int Heads>
struct SelfAttention {
    static_assert(Features % Heads == 0, "taxon::SelfAttention: the heads must divide the features");

    static constexpr void trace(Tracer& tracer) {
        Shape shape = tracer.shape();
        tracer.expect(!shape.table && shape.channels == 3 * Features, "(SelfAttention<", Features, ", ", Heads,
                      ">) wants tokens or pixels of ", 3 * Features, " features");
        shape.channels = Features;
        tracer.node({.op = Op::attention, .heads = Heads}, shape);
    }
};

}  // namespace taxon
