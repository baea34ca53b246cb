#pragma once
#include <taxon/layer/activate.hpp>
#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/layer/stage.hpp>

/// ResNet (He et al. 2016, table 1) with the parameter names of torchvision (models/resnet.py). Its bottlenecks have
/// the stride in their 3x3 convolution, not in the first 1x1 as in the paper.
namespace taxon::zoo {

namespace resnet {

/// Two 3x3 convolutions: (In, H, W) to (Width, H / Stride, W / Stride).
struct Basic {
    static constexpr int expansion = 1;
    template <int In, int Width, int Stride>
    using Body =
        Sequential<Named<"conv1", Conv2d<In, Width, 3, Stride>>, Named<"bn1", BatchNorm2d<Width>>, Named<"relu", ReLU>,
                   Named<"conv2", Conv2d<Width, Width, 3>>, Named<"bn2", BatchNorm2d<Width>>>;
};

/// Reduce, convolve, expand: (In, H, W) to (4 · Width, H / Stride, W / Stride). With several groups it is ResNeXt's
/// (Xie et al. 2017, table 1), whose groups have GroupWidth channels in the first stage.
template <int Groups = 1, int GroupWidth = 64>
struct Bottleneck {
    static constexpr int expansion = 4;
    template <int In, int Width, int Stride, int Inner = Width* GroupWidth / 64 * Groups>
    using Body = Sequential<Named<"conv1", Conv2d<In, Inner, 1>>, Named<"bn1", BatchNorm2d<Inner>>, Named<"relu", ReLU>,
                            Named<"conv2", Conv2d<Inner, Inner, 3, Stride, Groups>>, Named<"bn2", BatchNorm2d<Inner>>,
                            Named<"relu", ReLU>, Named<"conv3", Conv2d<Inner, 4 * Width, 1>>,
                            Named<"bn3", BatchNorm2d<4 * Width>>>;
};

template <class Kind, int In, int Width, int Stride>
struct Block {
    static constexpr int out = Width * Kind::expansion;
    using Shortcut = Sequential<
        If<Stride != 1 || In != out, Named<"downsample", Sequential<Conv2d<In, out, 1, Stride>, BatchNorm2d<out>>>>>;

    static constexpr void trace(Tracer& tracer) {
        Residual<typename Kind::template Body<In, Width, Stride>, Shortcut>::trace(tracer);
        tracer.scope("relu", ReLU::trace);
    }
};

template <class Kind, int In, int Width, int Stride, int Count>
using Blocks = Stage<Count, Block<Kind, In, Width, Stride>, Block<Kind, Width * Kind::expansion, Width, 1>>;

/// (3, Size, Size) to (Classes), with the number of blocks of each stage.
template <class Kind, int Classes, int Size, int First, int Second, int Third, int Fourth>
struct Network {
    static constexpr Shape input{3, Size, Size};
    static constexpr int expansion = Kind::expansion;
    using Layers = Sequential<Named<"conv1", Conv2d<3, 64, 7, 2>>, Named<"bn1", BatchNorm2d<64>>, Named<"relu", ReLU>,
                              Named<"maxpool", MaxPool2d<3, 2, 1>>, Named<"layer1", Blocks<Kind, 64, 64, 1, First>>,
                              Named<"layer2", Blocks<Kind, 64 * expansion, 128, 2, Second>>,
                              Named<"layer3", Blocks<Kind, 128 * expansion, 256, 2, Third>>,
                              Named<"layer4", Blocks<Kind, 256 * expansion, 512, 2, Fourth>>,
                              Named<"avgpool", GlobalAveragePool>, Named<"fc", Linear<512 * expansion, Classes>>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

}  // namespace resnet

/// 11.7 M parameters and 3.63 GFLOP at 1000 classes and 224 pixels.
template <int Classes = 1000, int Size = 224>
struct ResNet18 : resnet::Network<resnet::Basic, Classes, Size, 2, 2, 2, 2> {};

/// 21.8 M parameters and 7.33 GFLOP.
template <int Classes = 1000, int Size = 224>
struct ResNet34 : resnet::Network<resnet::Basic, Classes, Size, 3, 4, 6, 3> {};

/// 25.6 M parameters and 8.18 GFLOP.
template <int Classes = 1000, int Size = 224>
struct ResNet50 : resnet::Network<resnet::Bottleneck<>, Classes, Size, 3, 4, 6, 3> {};

/// 44.5 M parameters and 15.6 GFLOP.
template <int Classes = 1000, int Size = 224>
struct ResNet101 : resnet::Network<resnet::Bottleneck<>, Classes, Size, 3, 4, 23, 3> {};

/// 60.2 M parameters and 23.0 GFLOP.
template <int Classes = 1000, int Size = 224>
struct ResNet152 : resnet::Network<resnet::Bottleneck<>, Classes, Size, 3, 8, 36, 3> {};

/// ResNeXt-50 (32x4d): 25.0 M parameters and 8.46 GFLOP.
template <int Classes = 1000, int Size = 224>
struct ResNeXt50 : resnet::Network<resnet::Bottleneck<32, 4>, Classes, Size, 3, 4, 6, 3> {};

}  // namespace taxon::zoo
