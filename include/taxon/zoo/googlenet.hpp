#pragma once
#include <taxon/layer/activate.hpp>
#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/concat.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/identity.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/sequential.hpp>

/// GoogLeNet (Szegedy et al. 2015, table 1) with the parameter names of torchvision (models/googlenet.py). As published
/// there: batch normalisations with ε 1e-3, pools with ceil_mode, and a 3x3 convolution where the paper has 5x5.
namespace taxon::zoo {

namespace googlenet {

template <int In, int Out, int Kernel, int Stride = 1>
struct ConvNorm {
    static constexpr void trace(Tracer& tracer) {
        Sequential<Named<"conv", Conv2d<In, Out, Kernel, Stride>>, Named<"bn", BatchNorm2d<Out, 1000>>>::trace(tracer);
        ReLU::trace(tracer);
    }
};

template <int Kernel, int Stride, int Padding = 0>
using CeilMaxPool = MaxPool2d<Kernel, Stride, Padding, true>;

/// Four parallel branches: (In, H, W) to (One + Three + Five + Pool, H, W). `Reduced`: output channels of the preceding
/// 1x1 convolution.
template <int In, int One, int ThreeReduced, int Three, int FiveReduced, int Five, int Pool>
using Inception = Concat<Named<"branch1", ConvNorm<In, One, 1>>,
                         Named<"branch2", Sequential<ConvNorm<In, ThreeReduced, 1>, ConvNorm<ThreeReduced, Three, 3>>>,
                         Named<"branch3", Sequential<ConvNorm<In, FiveReduced, 1>, ConvNorm<FiveReduced, Five, 3>>>,
                         Named<"branch4", Sequential<CeilMaxPool<3, 1, 1>, ConvNorm<In, Pool, 1>>>>;

/// An auxiliary classifier that only training uses: its parameters may be in a checkpoint, and compute nothing.
template <int In, int Classes>
struct Auxiliary {
    static constexpr void trace(Tracer& tracer) {
        tracer.parameter("conv.conv.weight", Role::ignored, 128, In, 1, 1);
        for (const auto suffix : {"conv.bn.weight", "conv.bn.bias", "conv.bn.running_mean", "conv.bn.running_var"})
            tracer.parameter(suffix, Role::ignored, 128);
        tracer.parameter("conv.bn.num_batches_tracked", Role::ignored);
        tracer.parameter("fc1.weight", Role::ignored, 1024, 2048);
        tracer.parameter("fc1.bias", Role::ignored, 1024);
        tracer.parameter("fc2.weight", Role::ignored, Classes, 1024);
        tracer.parameter("fc2.bias", Role::ignored, Classes);
    }
};

}  // namespace googlenet

/// (3, Size, Size) to (Classes): 6.62 M parameters and 3.00 GFLOP at 1000 classes and 224 pixels. The published weights
/// expect pixels normalised to -1 to 1 (mean and standard deviation 0.5): torchvision's transform_input converts
/// ImageNet's normalisation to that. Weights trained without it need preprocess::ImageNet<224>.
template <int Classes = 1000, int Size = 224>
struct GoogLeNet {
    static constexpr Shape input{3, Size, Size};
    using Layers =
        Sequential<Named<"conv1", googlenet::ConvNorm<3, 64, 7, 2>>, Named<"maxpool1", googlenet::CeilMaxPool<3, 2>>,
                   Named<"conv2", googlenet::ConvNorm<64, 64, 1>>, Named<"conv3", googlenet::ConvNorm<64, 192, 3>>,
                   Named<"maxpool2", googlenet::CeilMaxPool<3, 2>>,
                   Named<"inception3a", googlenet::Inception<192, 64, 96, 128, 16, 32, 32>>,
                   Named<"inception3b", googlenet::Inception<256, 128, 128, 192, 32, 96, 64>>,
                   Named<"maxpool3", googlenet::CeilMaxPool<3, 2>>,
                   Named<"inception4a", googlenet::Inception<480, 192, 96, 208, 16, 48, 64>>,
                   Named<"inception4b", googlenet::Inception<512, 160, 112, 224, 24, 64, 64>>,
                   Named<"inception4c", googlenet::Inception<512, 128, 128, 256, 24, 64, 64>>,
                   Named<"inception4d", googlenet::Inception<512, 112, 144, 288, 32, 64, 64>>,
                   Named<"inception4e", googlenet::Inception<528, 256, 160, 320, 32, 128, 128>>,
                   Named<"maxpool4", googlenet::CeilMaxPool<2, 2>>,
                   Named<"inception5a", googlenet::Inception<832, 256, 160, 320, 32, 128, 128>>,
                   Named<"inception5b", googlenet::Inception<832, 384, 192, 384, 48, 128, 128>>,
                   Named<"aux1", googlenet::Auxiliary<512, Classes>>, Named<"aux2", googlenet::Auxiliary<528, Classes>>,
                   Named<"avgpool", GlobalAveragePool>, Named<"dropout", Dropout>, Named<"fc", Linear<1024, Classes>>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

}  // namespace taxon::zoo
