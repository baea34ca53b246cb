#pragma once
#include <cstdint>
#include <taxon/layer/layer_norm.hpp>

namespace taxon {

/// Token embeddings (Devlin et al. 2019, section 3): from a sequence of two numbers per token, its id and its type, to
/// Features: the sum of a word embedding, a position embedding and a type embedding, normalised. Ids are floats, exact
/// up to 2^24; ids beyond a table are rejected at run time.
template <int Features, int Words, int Positions, int Types, std::int64_t InverseEpsilon>
struct Embeddings {
    static_assert(Words <= 1 << 24, "taxon::Embeddings: ids of more than 24 bits are not exact as floats");

    static constexpr void trace(Tracer& tracer) {
        const Shape shape = tracer.shape();
        tracer.expect(tracer.current.node == 0 && shape.sequence && shape.channels == 2 && shape.width <= Positions,
                      "(Embeddings<", Features, ">) wants the network's input, up to ", Positions,
                      " tokens of 2 features");
        tracer.parameter("position_ids", Role::ignored, 1, Positions);
        Node node{.op = Op::embedding, .words = Words, .positions = Positions, .types = Types};
        node.parameter = tracer.parameter("word_embeddings.weight", Role::trained, Words, Features);
        tracer.parameter("position_embeddings.weight", Role::trained, Positions, Features);
        tracer.parameter("token_type_embeddings.weight", Role::trained, Types, Features);
        tracer.node(node, Shape::tokens(Features, shape.width));
        tracer.scope("LayerNorm", LayerNorm<Features, InverseEpsilon>::trace);
    }
};

}  // namespace taxon
