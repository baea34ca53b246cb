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
#include <taxon/zoo/torchvision.hpp>

/// MobileNetV2 (Sandler et al. 2018, table 2) with the parameter names of torchvision (models/mobilenetv2.py).
namespace taxon::zoo {

namespace mobilenet_v2 {

template <int In, int Out, int Kernel = 1, int Stride = 1, int Groups = 1>
using ConvNorm = torchvision::ConvNorm<In, Out, Kernel, Stride, Groups, ReLU6>;

/// Expand, depthwise, project: (In, H, W) to (Out, H / Stride, W / Stride).
template <int In, int Out, int Stride, int Expansion, int Wide = In* Expansion>
struct Body
    : Sequential<Named<"conv", Sequential<If<Wide != In, ConvNorm<In, Wide>>, ConvNorm<Wide, Wide, 3, Stride, Wide>,
                                          Conv2d<Wide, Out, 1>, BatchNorm2d<Out>>>> {};

template <int In, int Out, int Stride, int Expansion>
constexpr void stage(Tracer& tracer, int& number, int count) {
    trace_stage<Body<In, Out, Stride, Expansion>, Residual<Body<Out, Out, 1, Expansion>>>(tracer, number, count);
}

struct Features {
    static constexpr void trace(Tracer& tracer) {
        int number = 0;
        tracer.scope(number++, ConvNorm<3, 32, 3, 2>::trace);
        stage<32, 16, 1, 1>(tracer, number, 1);
        stage<16, 24, 2, 6>(tracer, number, 2);
        stage<24, 32, 2, 6>(tracer, number, 3);
        stage<32, 64, 2, 6>(tracer, number, 4);
        stage<64, 96, 1, 6>(tracer, number, 3);
        stage<96, 160, 2, 6>(tracer, number, 3);
        stage<160, 320, 1, 6>(tracer, number, 1);
        tracer.scope(number++, ConvNorm<320, 1280>::trace);
    }
};

}  // namespace mobilenet_v2

/// (3, Size, Size) to (Classes): 3.50 M parameters and 0.60 GFLOP at 1000 classes and 224 pixels.
template <int Classes = 1000, int Size = 224>
struct MobileNetV2 {
    static constexpr Shape input{3, Size, Size};
    using Layers = Sequential<Named<"features", mobilenet_v2::Features>, Named<"avgpool", GlobalAveragePool>,
                              Named<"classifier", Sequential<Dropout, Linear<1280, Classes>>>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

}  // namespace taxon::zoo
