#pragma once
#include <taxon/layer/activate.hpp>
#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/identity.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/zoo/torchvision.hpp>

/// MobileNetV3 (Howard et al. 2019, tables 1 and 2) with the parameter names of torchvision (models/mobilenetv3.py).
namespace taxon::zoo {

namespace mobilenet_v3 {

template <int In, int Out, int Kernel, int Stride = 1, int Groups = 1, class... Function>
using ConvNorm = Sequential<Conv2d<In, Out, Kernel, Stride, Groups>, BatchNorm2d<Out, 1000>, Function...>;

/// A quarter of the channels, rounded to a multiple of 8, but not to less than nine tenths.
constexpr int squeezed(int channels) {
    const int wanted = channels / 4, rounded = std::max(8, (wanted + 4) / 8 * 8);
    return rounded * 10 < wanted * 9 ? rounded + 8 : rounded;
}

template <int Channels>
using SqueezeExcite = torchvision::SqueezeExcitation<Channels, squeezed(Channels), ReLU, HardSigmoid>;

/// (In, H, W) to (Out, H / Stride, W / Stride): expand, depthwise, squeeze-and-excite, project.
template <int In, int Kernel, int Expanded, int Out, bool Squeeze, class Function, int Stride>
struct Body : Sequential<Named<"block", Sequential<If<Expanded != In, ConvNorm<In, Expanded, 1, 1, 1, Function>>,
                                                   ConvNorm<Expanded, Expanded, Kernel, Stride, Expanded, Function>,
                                                   If<Squeeze, SqueezeExcite<Expanded>>, ConvNorm<Expanded, Out, 1>>>> {
};

template <int In, int Kernel, int Expanded, int Out, bool Squeeze, class Function, int Stride>
using Inverted =
    std::conditional_t<Stride == 1 && In == Out, Residual<Body<In, Kernel, Expanded, Out, Squeeze, Function, Stride>>,
                       Body<In, Kernel, Expanded, Out, Squeeze, Function, Stride>>;

}  // namespace mobilenet_v3

/// (3, Size, Size) to (Classes): 2.54 M parameters and 0.113 GFLOP at 1000 classes and 224 pixels.
template <int Classes = 1000, int Size = 224>
struct MobileNetV3Small {
    static constexpr Shape input{3, Size, Size};
    using Layers =
        Sequential<Named<"features", Sequential<mobilenet_v3::ConvNorm<3, 16, 3, 2, 1, HardSwish>,
                                                mobilenet_v3::Inverted<16, 3, 16, 16, true, ReLU, 2>,
                                                mobilenet_v3::Inverted<16, 3, 72, 24, false, ReLU, 2>,
                                                mobilenet_v3::Inverted<24, 3, 88, 24, false, ReLU, 1>,
                                                mobilenet_v3::Inverted<24, 5, 96, 40, true, HardSwish, 2>,
                                                mobilenet_v3::Inverted<40, 5, 240, 40, true, HardSwish, 1>,
                                                mobilenet_v3::Inverted<40, 5, 240, 40, true, HardSwish, 1>,
                                                mobilenet_v3::Inverted<40, 5, 120, 48, true, HardSwish, 1>,
                                                mobilenet_v3::Inverted<48, 5, 144, 48, true, HardSwish, 1>,
                                                mobilenet_v3::Inverted<48, 5, 288, 96, true, HardSwish, 2>,
                                                mobilenet_v3::Inverted<96, 5, 576, 96, true, HardSwish, 1>,
                                                mobilenet_v3::Inverted<96, 5, 576, 96, true, HardSwish, 1>,
                                                mobilenet_v3::ConvNorm<96, 576, 1, 1, 1, HardSwish>>>,
                   Named<"avgpool", GlobalAveragePool>,
                   Named<"classifier", Sequential<Linear<576, 1024>, HardSwish, Dropout, Linear<1024, Classes>>>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// (3, Size, Size) to (Classes): 5.48 M parameters and 0.433 GFLOP at 1000 classes and 224 pixels.
template <int Classes = 1000, int Size = 224>
struct MobileNetV3Large {
    static constexpr Shape input{3, Size, Size};
    using Layers =
        Sequential<Named<"features", Sequential<mobilenet_v3::ConvNorm<3, 16, 3, 2, 1, HardSwish>,
                                                mobilenet_v3::Inverted<16, 3, 16, 16, false, ReLU, 1>,
                                                mobilenet_v3::Inverted<16, 3, 64, 24, false, ReLU, 2>,
                                                mobilenet_v3::Inverted<24, 3, 72, 24, false, ReLU, 1>,
                                                mobilenet_v3::Inverted<24, 5, 72, 40, true, ReLU, 2>,
                                                mobilenet_v3::Inverted<40, 5, 120, 40, true, ReLU, 1>,
                                                mobilenet_v3::Inverted<40, 5, 120, 40, true, ReLU, 1>,
                                                mobilenet_v3::Inverted<40, 3, 240, 80, false, HardSwish, 2>,
                                                mobilenet_v3::Inverted<80, 3, 200, 80, false, HardSwish, 1>,
                                                mobilenet_v3::Inverted<80, 3, 184, 80, false, HardSwish, 1>,
                                                mobilenet_v3::Inverted<80, 3, 184, 80, false, HardSwish, 1>,
                                                mobilenet_v3::Inverted<80, 3, 480, 112, true, HardSwish, 1>,
                                                mobilenet_v3::Inverted<112, 3, 672, 112, true, HardSwish, 1>,
                                                mobilenet_v3::Inverted<112, 5, 672, 160, true, HardSwish, 2>,
                                                mobilenet_v3::Inverted<160, 5, 960, 160, true, HardSwish, 1>,
                                                mobilenet_v3::Inverted<160, 5, 960, 160, true, HardSwish, 1>,
                                                mobilenet_v3::ConvNorm<160, 960, 1, 1, 1, HardSwish>>>,
                   Named<"avgpool", GlobalAveragePool>,
                   Named<"classifier", Sequential<Linear<960, 1280>, HardSwish, Dropout, Linear<1280, Classes>>>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

}  // namespace taxon::zoo
