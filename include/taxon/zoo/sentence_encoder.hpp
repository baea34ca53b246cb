#pragma once
#include <array>
#include <taxon/layer/l2_normalize.hpp>
#include <taxon/layer/mean_tokens.hpp>
#include <taxon/zoo/bert.hpp>

/// Sentence encoders (Reimers and Gurevych 2019): a BERT whose tokens become one vector of length one, so that the
/// inner product of two texts' vectors is their cosine similarity. Parameter names are those of Hugging Face's
/// BertModel, as sentence-transformers saves it.
namespace taxon::zoo {

/// From up to 512 tokens to `Hidden` numbers. `Pool`: MeanTokens or FirstToken.
template <int Layers, int Hidden, int Heads, int Intermediate, int Vocabulary, class Pool>
struct SentenceEncoder {
    static constexpr int positions = 512, types = 2;
    static constexpr Shape input = Shape::tokens(2, 128);
    static constexpr auto config =
        bert::encoder_config(Layers, Hidden, Heads, Intermediate, Vocabulary, positions, types);

    static constexpr void trace(Tracer& tracer) {
        bert::Encoder<Layers, Hidden, Heads, Intermediate, Vocabulary, positions, types>::trace(tracer);
        // of another head, which these files have too
        tracer.parameter("pooler.dense.weight", Role::ignored, Hidden, Hidden);
        tracer.parameter("pooler.dense.bias", Role::ignored, Hidden);
        tracer.scope("pooling", Pool::trace);
        tracer.scope("normalize", L2Normalize::trace);
    }
};

/// all-MiniLM-L6-v2's network: 22.6 M parameters.
struct SentenceMiniLmL6 : SentenceEncoder<6, 384, 12, 1536, 30522, MeanTokens> {};

/// all-MiniLM-L12's, and e5-small's: 33.2 M parameters.
struct SentenceMiniLmL12 : SentenceEncoder<12, 384, 12, 1536, 30522, MeanTokens> {};

/// bge-small's: 33.2 M parameters; the first token stands for the text.
struct BgeSmall : SentenceEncoder<12, 384, 12, 1536, 30522, FirstToken> {};

}  // namespace taxon::zoo
