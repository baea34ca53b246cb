#pragma once
#include <taxon/layer/activate.hpp>
#include <taxon/layer/attention.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/layer_norm.hpp>
#include <taxon/layer/learned.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/prepend.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/layer/sequential.hpp>

/// Vision transformers (Dosovitskiy et al. 2021, section 3.1) with the parameter names of torchvision
/// (models/vision_transformer.py) or of timm (vision_transformer.py).
namespace taxon::zoo {

namespace vision_transformer {

/// Queries, keys and values as one product, with its parameters' whole names.
template <int Features, FixedString Weight, FixedString Bias>
struct Projection {
    static constexpr void trace(Tracer& tracer) {
        Node node{.op = Op::convolution};
        node.parameter = tracer.parameter(Weight.view(), Role::trained, 3 * Features, Features);
        node.bias = tracer.parameter(Bias.view(), Role::trained, 3 * Features);
        const Shape shape = tracer.shape();
        tracer.node(node, {3 * Features, shape.height, shape.width});
    }
};

template <int Features>
using Norm = LayerNorm<Features, 1'000'000>;

/// torchvision's names.
template <int Features, int Heads, int Patch, int Tokens>
struct TorchVision {
    static constexpr std::string_view block = "encoder.layers.encoder_layer_", head = "heads.head";
    using Patches = Named<"conv_proj", Conv2d<3, Features, Patch, Patch, 1, true, 0>>;
    using Token = Named<"class_token", LearnedToken<Features>>;
    using Positions = Named<"encoder.pos_embedding", TokenEmbeddings<Features, Tokens>>;
    using Attention = Sequential<Named<"ln_1", Norm<Features>>,
                                 Named<"self_attention", Projection<Features, "in_proj_weight", "in_proj_bias">>,
                                 Named<"self_attention", SelfAttention<Features, Heads>>,
                                 Named<"self_attention.out_proj", Linear<Features, Features>>>;
    using Perceptron = Sequential<Named<"ln_2", Norm<Features>>, Named<"mlp.0", Linear<Features, 4 * Features>>,
                                  Named<"mlp.1", GELU>, Named<"mlp.3", Linear<4 * Features, Features>>>;
    using Last = Named<"encoder.ln", Norm<Features>>;
};

/// timm's names.
template <int Features, int Heads, int Patch, int Tokens>
struct Timm {
    static constexpr std::string_view block = "blocks.", head = "head";
    using Patches = Named<"patch_embed.proj", Conv2d<3, Features, Patch, Patch, 1, true, 0>>;
    using Token = Named<"cls_token", LearnedToken<Features>>;
    using Positions = Named<"pos_embed", TokenEmbeddings<Features, Tokens>>;
    using Attention =
        Sequential<Named<"norm1", Norm<Features>>, Named<"attn.qkv", Projection<Features, "weight", "bias">>,
                   Named<"attn", SelfAttention<Features, Heads>>, Named<"attn.proj", Linear<Features, Features>>>;
    using Perceptron = Sequential<Named<"norm2", Norm<Features>>, Named<"mlp.fc1", Linear<Features, 4 * Features>>,
                                  Named<"mlp.act", GELU>, Named<"mlp.fc2", Linear<4 * Features, Features>>>;
    using Last = Named<"norm", Norm<Features>>;
};

/// (3, Size, Size) to (Classes), by patches of 16 x 16.
template <template <int, int, int, int> class Names, int Classes, int Size, int Features, int Heads, int Blocks>
struct Network {
    static constexpr int patch = 16, tokens = (Size / patch) * (Size / patch) + 1;
    static constexpr Shape input{3, Size, Size};
    using Parts = Names<Features, Heads, patch, tokens>;
    static constexpr void trace(Tracer& tracer) {
        Sequential<typename Parts::Patches>::trace(tracer);
        Residual<Prepend<typename Parts::Token>, typename Parts::Positions>::trace(tracer);
        for (int i = 0; i < Blocks; ++i) {
            Text<48> name;
            tracer.scope((name << Parts::block << i).view(), [](Tracer& block) {
                Residual<typename Parts::Attention>::trace(block);
                Residual<typename Parts::Perceptron>::trace(block);
            });
        }
        Sequential<typename Parts::Last>::trace(tracer);
        FirstPixel::trace(tracer);
        tracer.scope(Parts::head, Linear<Features, Classes>::trace);
    }
};

}  // namespace vision_transformer

/// 86.6 M parameters.
template <int Classes = 1000, int Size = 224>
struct VitB16 : vision_transformer::Network<vision_transformer::TorchVision, Classes, Size, 768, 12, 12> {};

/// DeiT-Tiny (Touvron et al. 2021), 5.72 M parameters.
template <int Classes = 1000, int Size = 224>
struct DeitTiny : vision_transformer::Network<vision_transformer::Timm, Classes, Size, 192, 3, 12> {};

}  // namespace taxon::zoo
