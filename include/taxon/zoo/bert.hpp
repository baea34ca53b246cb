#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <taxon/core/config_field.hpp>
#include <taxon/layer/activate.hpp>
#include <taxon/layer/attention.hpp>
#include <taxon/layer/embeddings.hpp>
#include <taxon/layer/first_token.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/layer/rounded.hpp>
#include <taxon/layer/sequential.hpp>

/// BERT (Devlin et al. 2019) as a text classifier, with the parameter names of Hugging Face's
/// BertForSequenceClassification.
namespace taxon::zoo {

namespace bert {

inline constexpr std::int64_t inverse_epsilon = 1'000'000'000'000;

/// Two halves, each normalised after its residual addition, which reads the value before rounding.
template <int Hidden, int Heads, int Intermediate>
struct EncoderLayer {
    using Norm = LayerNorm<Hidden, inverse_epsilon>;
    using Attention =
        Residual<Sequential<Named<"attention.rounded", Rounded>,
                            Named<"attention.self", LinearSideBySide<Hidden, Hidden, "query", "key", "value">>,
                            Named<"attention.self", SelfAttention<Hidden, Heads>>,
                            Named<"attention.output.dense", Linear<Hidden, Hidden>>>>;
    using Perceptron = Residual<
        Sequential<Named<"intermediate.rounded", Rounded>, Named<"intermediate.dense", Linear<Hidden, Intermediate>>,
                   Named<"intermediate", GELU>, Named<"output.dense", Linear<Intermediate, Hidden>>>>;
    static constexpr void trace(Tracer& tracer) {
        Attention::trace(tracer);
        tracer.scope("attention.output.LayerNorm", Norm::trace);
        Perceptron::trace(tracer);
        tracer.scope("output.LayerNorm", Norm::trace);
    }
};

/// The parts that classifiers and sentence encoders share: embeddings and encoder layers, named below the scope.
template <int Layers, int Hidden, int Heads, int Intermediate, int Vocabulary, int Positions, int Types>
struct Encoder {
    static constexpr void trace(Tracer& tracer) {
        tracer.scope("embeddings", Embeddings<Hidden, Vocabulary, Positions, Types, inverse_epsilon>::trace);
        tracer.scope("encoder.layer", [](Tracer& encoder) {
            for (int i = 0; i < Layers; ++i) encoder.scope(i, EncoderLayer<Hidden, Heads, Intermediate>::trace);
        });
    }
};

/// The encoder's dimensions in Hugging Face's config.json. The vocabulary may have more rows, padding and added tokens.
constexpr std::array<ConfigField, 13> encoder_config(int layers, int hidden, int heads, int intermediate,
                                                     int vocabulary, int positions, int types) {
    return {{{"num_hidden_layers", layers},
             {"hidden_size", hidden},
             {"num_attention_heads", heads},
             {"intermediate_size", intermediate},
             {"vocab_size", vocabulary, "", 1023},
             {"max_position_embeddings", positions},
             {"type_vocab_size", types},
             {"hidden_act", 0, "gelu"},
             {"position_embedding_type", 0, "absolute"},
             {"layer_norm_eps", 0, "1e-12"},
             {"model_type", 0, "bert"},
             {"is_decoder", 0, "false"},
             {"add_cross_attention", 0, "false"}}};
}

}  // namespace bert

/// From a sequence of up to 512 tokens, each its id and its type (0: first text, 1: second text), to Classes logits.
/// Padding tokens should be absent, or not among the valid ones.
template <int Layers, int Hidden, int Heads, int Intermediate, int Vocabulary, int Classes = 2>
struct Bert {
    static constexpr int positions = 512, types = 2;
    static constexpr Shape input = Shape::tokens(2, 128);
    static constexpr auto config = [] {
        const auto encoder = bert::encoder_config(Layers, Hidden, Heads, Intermediate, Vocabulary, positions, types);
        std::array<ConfigField, encoder.size() + 2> all{};
        std::ranges::copy(encoder, all.begin());
        all[encoder.size()] = {"num_labels", Classes};
        all[encoder.size() + 1] = {"problem_type", 0, Classes == 1 ? "regression" : "single_label_classification"};
        return all;
    }();

    static constexpr void trace(Tracer& tracer) {
        tracer.scope("bert", bert::Encoder<Layers, Hidden, Heads, Intermediate, Vocabulary, positions, types>::trace);
        tracer.scope("bert.pooler", Sequential<Named<"first_token", FirstToken>, Named<"dense", Linear<Hidden, Hidden>>,
                                               Named<"activation", Tanh>>::trace);
        tracer.scope("classifier", Linear<Hidden, Classes>::trace);
    }
};

/// 108.3 M parameters, 22.35 GFLOP for 128 tokens.
template <int Classes = 2>
struct BertBaseCased : Bert<12, 768, 12, 3072, 28996, Classes> {};

/// 109.5 M parameters.
template <int Classes = 2>
struct BertBaseUncased : Bert<12, 768, 12, 3072, 30522, Classes> {};

/// MiniLM (Wang et al. 2020) of 6 layers: 22.7 M parameters.
template <int Classes = 2>
struct MiniLmL6 : Bert<6, 384, 12, 1536, 30522, Classes> {};

}  // namespace taxon::zoo
