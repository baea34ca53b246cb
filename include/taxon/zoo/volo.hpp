#pragma once
#include <taxon/layer/activate.hpp>
#include <taxon/layer/attention.hpp>
#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/class_attention.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/layer_norm.hpp>
#include <taxon/layer/learned.hpp>
#include <taxon/layer/outlook_attention.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/layer/sequential.hpp>

/// VOLO (Yuan et al. 2021, "VOLO: Vision Outlooker for Visual Recognition", table 2) with the parameter names of
/// sail-sg/volo (models/volo.py), which are timm's as well.
namespace taxon::zoo {

namespace volo {

/// Added to its input: a normalisation and two linear layers.
template <int Features, int Hidden>
using Perceptron = Residual<Sequential<Named<"norm2", LayerNorm<Features>>, Named<"mlp.fc1", Linear<Features, Hidden>>,
                                       Named<"mlp.act", GELU>, Named<"mlp.fc2", Linear<Hidden, Features>>>>;

/// An outlooker or a transformer's block.
template <int Features, int Hidden, class Attention>
struct Block {
    static constexpr void trace(Tracer& tracer) {
        Residual<Sequential<Named<"norm1", LayerNorm<Features>>, Named<"attn", Attention>>>::trace(tracer);
        Perceptron<Features, Hidden>::trace(tracer);
    }
};

/// The projected values of a transformer's block.
template <int Features, int Heads>
using Attention = Sequential<Named<"qkv", Linear<Features, 3 * Features, false>>,
                             Named<"attn", SelfAttention<Features, Heads>>, Named<"proj", Linear<Features, Features>>>;

/// The class token after another look at the pixels, which stay as they are.
template <int Features, int Heads, int Hidden>
struct ClassBlock {
    static constexpr Tracer::Value trace(Tracer& tracer, Tracer::Value pixels, Tracer::Value token) {
        const auto [all, own] = on_both<LayerNorm<Features>>(tracer, "norm1", {pixels, token});
        tracer.scope("attn", [all = all, own = own](Tracer& attention) {
            ClassAttention<Features, Heads>::trace(attention, all, own);
        });
        tracer.node({.op = Op::add}, token.shape, {tracer.current, token});
        Perceptron<Features, Hidden>::trace(tracer);
        return tracer.current;
    }
};

/// (3, Size, Size) to (Classes): outlookers of Width channels at an eighth of the size, transformers of twice as many
/// at a sixteenth in three stages, and class attention. Half of the pixels' greatest logits is added to those of the
/// class token, as the reference does at evaluation.
template <int Classes, int Size, int Stem, int Width, int OutlookHeads, int Heads, int Ratio, int First, int Second,
          int Third, int Fourth>
struct Network {
    static_assert(Size % 16 == 0, "taxon::zoo::Volo: the picture's side must be a multiple of 16");
    static constexpr Shape input{3, Size, Size};
    static constexpr int features = 2 * Width, hidden = Ratio * features;

    using Patches =
        Sequential<Named<"conv", Sequential<Conv2d<3, Stem, 7, 2>, BatchNorm2d<Stem>, ReLU, Conv2d<Stem, Stem, 3>,
                                            BatchNorm2d<Stem>, ReLU, Conv2d<Stem, Stem, 3>, BatchNorm2d<Stem>, ReLU>>,
                   Named<"proj", Conv2d<Stem, Width, 4, 4, 1, true, 0>>>;
    /// Position embeddings are added to the convolution's outputs.
    using Reduction = Residual<Named<"network.1.proj", Conv2d<Width, features, 2, 2, 1, true, 0>>,
                               Named<"pos_embed", PositionEmbeddings<features, Size / 16>>>;
    using Outlooker = Block<Width, Ratio * Width, OutlookAttention<Width, OutlookHeads>>;
    using Transformer = Block<features, hidden, Attention<features, Heads>>;

    template <Layer L>
    static constexpr void stage(Tracer& tracer, std::string_view name, int blocks) {
        tracer.scope(name, [blocks](Tracer& inside) {
            for (int i = 0; i < blocks; ++i) inside.scope(i, L::trace);
        });
    }

    static constexpr void trace(Tracer& tracer) {
        tracer.scope("patch_embed", Patches::trace);
        stage<Outlooker>(tracer, "network.0", First);
        Reduction::trace(tracer);
        stage<Transformer>(tracer, "network.2", Second);
        stage<Transformer>(tracer, "network.3", Third);
        stage<Transformer>(tracer, "network.4", Fourth);
        classify(tracer, tracer.current);
    }

  private:
    static constexpr void classify(Tracer& tracer, Tracer::Value pixels) {
        tracer.scope("cls_token", LearnedToken<features>::trace);
        auto token = tracer.current;
        for (int i = 0; i < 2; ++i)
            tracer.scope("post_network", [&](Tracer& blocks) {
                blocks.scope(i, [&](Tracer& block) {
                    token = ClassBlock<features, Heads, hidden>::trace(block, pixels, token);
                });
            });
        const auto [all, own] = on_both<LayerNorm<features>>(tracer, "norm", {pixels, token});
        tracer.current = all;
        tracer.scope("aux_head", Linear<features, Classes>::trace);
        Sequential<Named<"aux_head.pool", AdaptiveMaxPool2d<1>>, Named<"aux_head.half", Times<0.5>>>::trace(tracer);
        const auto from_pixels = tracer.current;
        tracer.current = own;
        tracer.scope("head", Linear<features, Classes>::trace);
        tracer.node({.op = Op::add}, tracer.shape(), {tracer.current, from_pixels});
    }
};

}  // namespace volo

/// 26.6 M parameters and 13.8 GFLOP at 1000 classes and 224 pixels.
template <int Classes = 1000, int Size = 224>
struct VoloD1 : volo::Network<Classes, Size, 64, 192, 6, 12, 3, 4, 4, 8, 2> {};

/// 58.7 M parameters and 28.6 GFLOP.
template <int Classes = 1000, int Size = 224>
struct VoloD2 : volo::Network<Classes, Size, 64, 256, 8, 16, 3, 6, 4, 10, 4> {};

/// 86.3 M parameters and 41.5 GFLOP.
template <int Classes = 1000, int Size = 224>
struct VoloD3 : volo::Network<Classes, Size, 64, 256, 8, 16, 3, 8, 8, 16, 4> {};

/// 193 M parameters and 88.5 GFLOP.
template <int Classes = 1000, int Size = 224>
struct VoloD4 : volo::Network<Classes, Size, 64, 384, 12, 16, 3, 8, 8, 16, 4> {};

/// 295 M parameters and 145 GFLOP.
template <int Classes = 1000, int Size = 224>
struct VoloD5 : volo::Network<Classes, Size, 128, 384, 12, 16, 4, 12, 12, 20, 4> {};

}  // namespace taxon::zoo
