#pragma once
#include <taxon/layer/activate.hpp>
#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/identity.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/layer/sequential.hpp>

/// MobileNetV3 as github.com/kuan-wang/pytorch-mobilenet-v3 published it (mobilenetv3_small_67.4.pth.tar). Against
/// torchvision's: always an expansion, squeeze-and-excite before the activation and without biases, 1280 last channels
/// from a 1x1 convolution, ε 1e-5.
namespace taxon::zoo {

namespace mobilenet_v3_kuan_wang {

template <int In, int Out, class Function>
using ConvNorm = Sequential<Conv2d<In, Out, 1>, BatchNorm2d<Out>, Function>;

template <int Channels>
using SqueezeExcite = Gated<Sequential<Named<"avg_pool", GlobalAveragePool>,
                                       Named<"fc", Sequential<Linear<Channels, Channels / 4, false>, ReLU,
                                                              Linear<Channels / 4, Channels, false>, HardSigmoid>>>>;

/// (In, H, W) to (Out, H / Stride, W / Stride).
template <int In, int Kernel, int Expanded, int Out, bool Squeeze, class Function, int Stride>
struct Body
    : Sequential<Named<"conv", Sequential<Conv2d<In, Expanded, 1>, BatchNorm2d<Expanded>, Function,
                                          Conv2d<Expanded, Expanded, Kernel, Stride, Expanded>, BatchNorm2d<Expanded>,
                                          std::conditional_t<Squeeze, SqueezeExcite<Expanded>, Identity>, Function,
                                          Conv2d<Expanded, Out, 1>, BatchNorm2d<Out>>>> {};

template <int In, int Kernel, int Expanded, int Out, bool Squeeze, class Function, int Stride>
using Bottleneck =
    std::conditional_t<Stride == 1 && In == Out, Residual<Body<In, Kernel, Expanded, Out, Squeeze, Function, Stride>>,
                       Body<In, Kernel, Expanded, Out, Squeeze, Function, Stride>>;

}  // namespace mobilenet_v3_kuan_wang

/// (3, Size, Size) to (Classes).
template <int Classes = 1000, int Size = 224>
struct MobileNetV3SmallKuanWang {
    static constexpr Shape input{3, Size, Size};
    using Layers =
        Sequential<Named<"features", Sequential<Sequential<Conv2d<3, 16, 3, 2>, BatchNorm2d<16>, HardSwish>,
                                                mobilenet_v3_kuan_wang::Bottleneck<16, 3, 16, 16, true, ReLU, 2>,
                                                mobilenet_v3_kuan_wang::Bottleneck<16, 3, 72, 24, false, ReLU, 2>,
                                                mobilenet_v3_kuan_wang::Bottleneck<24, 3, 88, 24, false, ReLU, 1>,
                                                mobilenet_v3_kuan_wang::Bottleneck<24, 5, 96, 40, true, HardSwish, 2>,
                                                mobilenet_v3_kuan_wang::Bottleneck<40, 5, 240, 40, true, HardSwish, 1>,
                                                mobilenet_v3_kuan_wang::Bottleneck<40, 5, 240, 40, true, HardSwish, 1>,
                                                mobilenet_v3_kuan_wang::Bottleneck<40, 5, 120, 48, true, HardSwish, 1>,
                                                mobilenet_v3_kuan_wang::Bottleneck<48, 5, 144, 48, true, HardSwish, 1>,
                                                mobilenet_v3_kuan_wang::Bottleneck<48, 5, 288, 96, true, HardSwish, 2>,
                                                mobilenet_v3_kuan_wang::Bottleneck<96, 5, 576, 96, true, HardSwish, 1>,
                                                mobilenet_v3_kuan_wang::Bottleneck<96, 5, 576, 96, true, HardSwish, 1>,
                                                mobilenet_v3_kuan_wang::ConvNorm<96, 576, HardSwish>, GlobalAveragePool,
                                                Conv2d<576, 1280, 1, 1, 1, true>, HardSwish>>,
                   Named<"classifier", Sequential<Dropout, Linear<1280, Classes>>>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

}  // namespace taxon::zoo
