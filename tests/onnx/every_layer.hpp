#pragma once
#include <array>
#include <memory>
#include <string>
#include <taxon/graph/traced_graph.hpp>
#include <taxon/layer/activate.hpp>
#include <taxon/layer/attention.hpp>
#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/boxes.hpp>
#include <taxon/layer/class_attention.hpp>
#include <taxon/layer/concat.hpp>
#include <taxon/layer/conv1d.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/conv_transpose1d.hpp>
#include <taxon/layer/embeddings.hpp>
#include <taxon/layer/first_token.hpp>
#include <taxon/layer/group_norm.hpp>
#include <taxon/layer/identity.hpp>
#include <taxon/layer/interpolate.hpp>
#include <taxon/layer/l2_normalize.hpp>
#include <taxon/layer/layer_norm.hpp>
#include <taxon/layer/learned.hpp>
#include <taxon/layer/mean_tokens.hpp>
#include <taxon/layer/outlook_attention.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/prelu.hpp>
#include <taxon/layer/prepend.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/layer/shuffle.hpp>
#include <taxon/layer/slice.hpp>
#include <taxon/layer/softmax.hpp>
#include <taxon/layer/upsample.hpp>
#include <vector>

namespace every_layer {

using namespace taxon;

using Traced = TracedGraph;

struct Case {
    std::string name;
    std::shared_ptr<Traced> network;
};

template <class... Layers>
Case case_of(const char* name, Shape input) {
    return {name, std::make_shared<Traced>(std::vector<Port>{{.shape = input}}, Sequential<Layers...>::trace)};
}

/// Two inputs; one value is two outputs, another is an output and read further.
inline void trace_ports(Tracer& tracer) {
    tracer.scope("features", Sequential<Conv2d<3, 8, 3>, BatchNorm2d<8>, ReLU>::trace);
    const auto features = tracer.current;
    tracer.output("features"), tracer.output("again");
    tracer.current = tracer.input("place");
    tracer.scope("gate", Sequential<Linear<2, 8>, Sigmoid>::trace);
    tracer.node({.op = Op::multiply}, features.shape, {features, tracer.current});
    tracer.scope("head", Sequential<GlobalAveragePool, Linear<8, 5>>::trace);
    tracer.output("scores");
}

/// A class token that looks at pixels, both through the same layers.
struct TokenOfClass {
    static constexpr void trace(Tracer& tracer) {
        tracer.scope("stem", Conv2d<3, 8, 2, 2, 1, true, 0>::trace);
        const auto pixels = tracer.current;
        tracer.scope("cls_token", LearnedToken<8>::trace);
        const auto token = tracer.current;
        const auto [all, own] = on_both<LayerNorm<8>>(tracer, "norm", {pixels, token});
        tracer.scope("attn", [all = all, own = own](Tracer& inside) { ClassAttention<8, 2>::trace(inside, all, own); });
        tracer.node({.op = Op::add}, token.shape, {tracer.current, token});
    }
};

/// The layers of docs/layers.md, each where it can be seen.
inline std::vector<Case> cases() {
    constexpr Shape picture{6, 9, 7}, even{4, 8, 6}, tokens = Shape::tokens(6, 5), line{4, 1, 17}, vector{6};
    std::vector<Case> all{
        case_of<Conv2d<6, 8, Extent{3, 5}, Extent{2, 1}, 2, true, Padding{1, 0, 2, 3}, Extent{1, 2}>>("conv2d",
                                                                                                      picture),
        case_of<Conv2d<6, 8, 3, 2, 1, false, padding::same>, BatchNorm2d<8>, HardSwish>("conv2d_norm", picture),
        case_of<ReLU, BatchNorm2d<6>, Conv2d<6, 6, 3, 1, 6>>("norm_first", picture),
        case_of<Conv1d<4, 6, 3, 2, 1, true>, BatchNorm2d<6>, SiLU, ConvTranspose1d<6, 4, 3, 2>>("conv1d", line),
        case_of<ConvTranspose2d<4, 6, 3, 2, 2, true, 1, Extent{1, 0}>, BatchNorm2d<6>>("conv_transpose2d", even),
        case_of<MaxPool2d<3, 2, 1>>("max_pool", picture),
        case_of<MaxPool2d<2, 2, 0, true, 2>>("max_pool_up", picture),
        case_of<AvgPool2d<3, 2, 1>>("mean_pool", picture),
        case_of<AvgPool2d<3, 2, 1, true>>("mean_pool_up", even),
        case_of<AvgPool2d<2, 2, 0, true, false>>("mean_pool_without_padding", picture),
        case_of<AdaptiveAvgPool2d<4, 3>>("adaptive_mean", picture),
        case_of<AdaptiveMaxPool2d<3, 7>>("adaptive_maximum", picture),
        case_of<AdaptiveMaxPool2d<1>>("global_maximum", picture),
        case_of<GlobalAveragePool, Linear<6, 5>, BatchNorm2d<5>, Tanh>("classifier", picture),
        case_of<ReLU6, LeakyReLU<0.1>, HardSigmoid, HardSwish, Sigmoid, SiLU, GELU, Tanh>("activations", picture),
        case_of<HardTanh<-2.5, 2.75>, ELU<0.5>, Softplus<2, 3>, Times<-2>, Mish, Softplus<>>("more_activations",
                                                                                             picture),
        case_of<PReLU<>, PReLU<6>>("prelu", picture),
        case_of<PReLU<6>, LayerNorm<6>, Softmax>("vector", vector),
        case_of<GroupNorm<3, 6>, GroupNorm<2, 6, false>, InstanceNorm2d<6, true>, InstanceNorm2d<6>>("group_norms",
                                                                                                     picture),
        case_of<LayerNorm<6>, Linear<6, 8>, GELU, Linear<8, 6, false>>("features_last", picture),
        case_of<Softmax, Linear<6, 4>, Softmax>("softmax", picture),
        case_of<Upsample<2>, Interpolate<Interpolation::nearest, 13, 9>,
                Interpolate<Interpolation::nearest_exact, 7, 20>>("nearest", picture),
        case_of<Interpolate<Interpolation::bilinear, 13, 4>, InterpolateBy<Interpolation::bilinear, 1.7>,
                Interpolate<Interpolation::bilinear, 11, 3, true>>("bilinear", picture),
        case_of<ChannelShuffle<2>, PixelUnshuffle<2>, ChannelShuffle<4>, PixelShuffle<2>>("shuffles", even),
        case_of<Concat<Conv2d<6, 4, 3>, Identity, Sequential<LayerNorm<6>, Linear<6, 2>>>, Slice<2, 6>>("concat",
                                                                                                        picture),
        case_of<Residual<Conv2d<6, 6, 3>>, Gated<Sequential<GlobalAveragePool, Linear<6, 6>, HardSigmoid>>,
                Gated<Named<"scale", LearnedFactors<6>>>,
                Residual<Identity, Named<"positions", PositionEmbeddings<6, 9, 7>>>>("sums", picture),
        case_of<Residual<Prepend<Named<"cls_token", LearnedToken<6>>>, Named<"pos_embed", TokenEmbeddings<6, 64>>>,
                LayerNorm<6>, Linear<6, 18>, SelfAttention<6, 2>, FirstPixel, Linear<6, 3>>("vit", picture),
        case_of<Linear<6, 12>, Linear<12, 18>, SelfAttention<6, 3>, Linear<6, 4>>("picture_attention", picture),
        case_of<OutlookAttention<4, 2>>("outlook_attention", even),
        case_of<OutlookAttention<6, 3>>("odd_outlook_attention", picture),
        case_of<TokenOfClass>("class_attention", Shape{3, 8, 6}),
        case_of<LinearSideBySide<6, 6, "query", "key", "value">, SelfAttention<6, 2>, Linear<6, 6>>("token_attention",
                                                                                                    tokens),
        case_of<Named<"embeddings", Embeddings<6, 30, 12, 2, 1'000'000>>,
                LinearSideBySide<6, 6, "query", "key", "value">, SelfAttention<6, 2>, FirstToken, Linear<6, 2>>(
            "bert", Shape::tokens(2, 8)),
        case_of<Named<"embeddings", Embeddings<6, 30, 12, 2, 1'000'000>>, MeanTokens, L2Normalize>("sentence",
                                                                                                   Shape::tokens(2, 8)),
        case_of<L2Normalize, Linear<6, 4>, L2Normalize>("l2_normalize", picture),
        case_of<Conv2d<4, 14, 1>, Boxes<2, 8, BoxCode::yolov5, 10, 13, 16, 30>>("boxes", even),
        case_of<Conv2d<4, 14, 1>, Boxes<2, 8, BoxCode::darknet, 10, 13, 16, 30>>("darknet_boxes", even)};
    all.push_back(
        {"ports", std::make_shared<Traced>(std::vector<Port>{{"picture", {3, 8, 8}}, {"place", {2}}}, trace_ports)});
    return all;
}

}  // namespace every_layer
