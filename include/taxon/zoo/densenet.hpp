#pragma once
#include <taxon/layer/activate.hpp>
#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/concat.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/sequential.hpp>
#include <utility>

/// DenseNet (Huang et al. 2017, table 1) with the parameter names of torchvision (models/densenet.py).
namespace taxon::zoo {

namespace densenet {

inline constexpr int growth = 32;

/// Appends `growth` channels to the In ones.
template <int In>
using Dense =
    Append<Sequential<Named<"norm1", BatchNorm2d<In>>, Named<"relu1", ReLU>, Named<"conv1", Conv2d<In, 128, 1>>,
                      Named<"norm2", BatchNorm2d<128>>, Named<"relu2", ReLU>, Named<"conv2", Conv2d<128, growth, 3>>>>;

template <int In, int Count>
struct Block {
    static constexpr void trace(Tracer& tracer) {
        [&]<int... Number>(std::integer_sequence<int, Number...>) {
            (layer<In + Number * growth>(tracer, Number + 1), ...);
        }
        (std::make_integer_sequence<int, Count>{});
    }

  private:
    template <int Channels>
    static constexpr void layer(Tracer& tracer, int number) {
        Text<16> name;
        tracer.scope((name << "denselayer" << number).view(), Dense<Channels>::trace);
    }
};

/// Half of the channels, a quarter of the pixels.
template <int In>
using Transition = Sequential<Named<"norm", BatchNorm2d<In>>, Named<"relu", ReLU>, Named<"conv", Conv2d<In, In / 2, 1>>,
                              Named<"pool", AvgPool2d<2>>>;

using Features = Sequential<
    Named<"conv0", Conv2d<3, 64, 7, 2>>, Named<"norm0", BatchNorm2d<64>>, Named<"relu0", ReLU>,
    Named<"pool0", MaxPool2d<3, 2, 1>>, Named<"denseblock1", Block<64, 6>>, Named<"transition1", Transition<256>>,
    Named<"denseblock2", Block<128, 12>>, Named<"transition2", Transition<512>>, Named<"denseblock3", Block<256, 24>>,
    Named<"transition3", Transition<1024>>, Named<"denseblock4", Block<512, 16>>, Named<"norm5", BatchNorm2d<1024>>>;

}  // namespace densenet

/// (3, Size, Size) to (Classes): 7.98 M parameters and 5.67 GFLOP at 1000 classes and 224 pixels.
template <int Classes = 1000, int Size = 224>
struct DenseNet121 {
    static constexpr Shape input{3, Size, Size};
    using Layers = Sequential<Named<"features", densenet::Features>, Named<"relu", ReLU>,
                              Named<"avgpool", GlobalAveragePool>, Named<"classifier", Linear<1024, Classes>>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

}  // namespace taxon::zoo
