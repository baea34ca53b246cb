#pragma once
#include <taxon/layer/activate.hpp>
#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/concat.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/layer/shuffle.hpp>
#include <taxon/layer/slice.hpp>
#include <taxon/layer/stage.hpp>

/// ShuffleNetV2 (Ma et al. 2018, table 5) with the parameter names of torchvision (models/shufflenetv2.py).
namespace taxon::zoo {

namespace shufflenet_v2 {

/// 1x1, depthwise, 1x1.
template <int In, int Out, int Stride>
using Main = Sequential<Conv2d<In, Out, 1>, BatchNorm2d<Out>, ReLU, Conv2d<Out, Out, 3, Stride, Out>, BatchNorm2d<Out>,
                        Conv2d<Out, Out, 1>, BatchNorm2d<Out>, ReLU>;

/// (In, H, W) to (Out, H / 2, W / 2).
template <int In, int Out>
struct Halving {
    using Side =
        Sequential<Conv2d<In, In, 3, 2, In>, BatchNorm2d<In>, Conv2d<In, Out / 2, 1>, BatchNorm2d<Out / 2>, ReLU>;
    static constexpr void trace(Tracer& tracer) {
        Concat<Named<"branch1", Side>, Named<"branch2", Main<In, Out / 2, 2>>>::trace(tracer);
        ChannelShuffle<2>::trace(tracer);
    }
};

/// The second half of the channels is computed anew.
template <int Channels>
struct Unit {
    static constexpr int half = Channels / 2;
    struct Second {
        static constexpr auto name = FixedString("branch2");
        static constexpr void trace(Tracer& tracer) {
            Slice<half, half>::trace(tracer);
            Main<half, half, 1>::trace(tracer);
        }
    };
    static constexpr void trace(Tracer& tracer) {
        Concat<Named<"branch1", Slice<0, half>>, Second>::trace(tracer);
        ChannelShuffle<2>::trace(tracer);
    }
};

template <int In, int Out, int Count>
using Units = Stage<Count, Halving<In, Out>, Unit<Out>>;

}  // namespace shufflenet_v2

/// (3, Size, Size) to (Classes), 1.0x: 2.28 M parameters and 0.29 GFLOP at 1000 classes and 224 pixels.
template <int Classes = 1000, int Size = 224>
struct ShuffleNetV2 {
    static constexpr Shape input{3, Size, Size};
    using Layers = Sequential<Named<"conv1", Sequential<Conv2d<3, 24, 3, 2>, BatchNorm2d<24>, ReLU>>,
                              Named<"maxpool", MaxPool2d<3, 2, 1>>, Named<"stage2", shufflenet_v2::Units<24, 116, 4>>,
                              Named<"stage3", shufflenet_v2::Units<116, 232, 8>>,
                              Named<"stage4", shufflenet_v2::Units<232, 464, 4>>,
                              Named<"conv5", Sequential<Conv2d<464, 1024, 1>, BatchNorm2d<1024>, ReLU>>,
                              Named<"mean", GlobalAveragePool>, Named<"fc", Linear<1024, Classes>>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

}  // namespace taxon::zoo
