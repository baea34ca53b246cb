#pragma once
#include <taxon/layer/activate.hpp>
#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/identity.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/layer/stage.hpp>
#include <taxon/zoo/compound_scaling.hpp>

/// EfficientNet-Lite (github.com/tensorflow/tpu, efficientnet/lite: EfficientNet of Tan and Le 2019, table 1, without
/// squeeze-and-excitation, with ReLU6) with the parameter names of the PyPI package efficientnet-lite-pytorch.
namespace taxon::zoo {

namespace efficientnet_lite {

template <int In, int Out, int Kernel = 1, int Stride = 1, int Groups = 1>
using Conv = Conv2d<In, Out, Kernel, Stride, Groups, false, padding::same>;

template <int Channels>
using Norm = BatchNorm2d<Channels, 1000>;

/// Expand, depthwise, project: (In, H, W) to (Out, ⌈H / Stride⌉, ⌈W / Stride⌉).
template <int In, int Out, int Kernel, int Stride, int Expansion, int Wide = In* Expansion>
struct Body : Sequential<If<Wide != In, Named<"_expand_conv", Conv<In, Wide>>>,
                         If<Wide != In, Named<"_bn0", Norm<Wide>>>, If<Wide != In, Named<"_swish", ReLU6>>,
                         Named<"_depthwise_conv", Conv<Wide, Wide, Kernel, Stride, Wide>>, Named<"_bn1", Norm<Wide>>,
                         Named<"_swish", ReLU6>, Named<"_project_conv", Conv<Wide, Out>>, Named<"_bn2", Norm<Out>>> {};

template <int In, int Out, int Kernel, int Stride, int Expansion>
constexpr void stage(Tracer& tracer, int& number, int count) {
    trace_stage<Body<In, Out, Kernel, Stride, Expansion>, Residual<Body<Out, Out, Kernel, 1, Expansion>>>(
        tracer, number, count);
}

/// (32, H, W) to (channels(320, Width), ⌈H / 16⌉, ⌈W / 16⌉).
template <int Width, int Depth>
struct Blocks {
    static constexpr int channels(int of_lite0) { return compound_scaling::channels(of_lite0, Width); }
    static constexpr int blocks(int of_lite0) { return compound_scaling::blocks(of_lite0, Depth); }

    static constexpr void trace(Tracer& tracer) {
        int number = 0;
        stage<32, channels(16), 3, 1, 1>(tracer, number, 1);
        stage<channels(16), channels(24), 3, 2, 6>(tracer, number, blocks(2));
        stage<channels(24), channels(40), 5, 2, 6>(tracer, number, blocks(2));
        stage<channels(40), channels(80), 3, 2, 6>(tracer, number, blocks(3));
        stage<channels(80), channels(112), 5, 1, 6>(tracer, number, blocks(3));
        stage<channels(112), channels(192), 5, 2, 6>(tracer, number, blocks(4));
        stage<channels(192), channels(320), 3, 1, 6>(tracer, number, 1);
    }
};

/// (3, Size, Size) to (Classes). Width and Depth scale all but the stem, the head and the number of blocks in the first
/// and last stage.
template <int Classes, int Size, int Width, int Depth>
struct Network {
    static constexpr Shape input{3, Size, Size};
    using Layers =
        Sequential<Named<"_conv_stem", Conv<3, 32, 3, 2>>, Named<"_bn0", Norm<32>>, Named<"_swish", ReLU6>,
                   Named<"_blocks", Blocks<Width, Depth>>,
                   Named<"_conv_head", Conv<compound_scaling::channels(320, Width), 1280>>, Named<"_bn1", Norm<1280>>,
                   Named<"_swish", ReLU6>, Named<"_avg_pooling", GlobalAveragePool>, Named<"_dropout", Dropout>,
                   Named<"_fc", Linear<1280, Classes>>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

}  // namespace efficientnet_lite

/// 4.65 M parameters and 0.77 GFLOP at 1000 classes and 224 pixels.
template <int Classes = 1000, int Size = 224>
struct EfficientNetLite0 : efficientnet_lite::Network<Classes, Size, 10, 10> {};

/// 5.42 M parameters.
template <int Classes = 1000, int Size = 240>
struct EfficientNetLite1 : efficientnet_lite::Network<Classes, Size, 10, 11> {};

/// 6.09 M parameters.
template <int Classes = 1000, int Size = 260>
struct EfficientNetLite2 : efficientnet_lite::Network<Classes, Size, 11, 12> {};

}  // namespace taxon::zoo
