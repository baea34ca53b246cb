#pragma once
#include <taxon/layer/activate.hpp>
#include <taxon/layer/identity.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/layer/stage.hpp>
#include <taxon/zoo/compound_scaling.hpp>
#include <taxon/zoo/torchvision.hpp>

/// EfficientNet (Tan and Le 2019, table 1) with the parameter names of torchvision (models/efficientnet.py).
namespace taxon::zoo {

namespace efficientnet {

using torchvision::ConvNorm;

/// Expand, depthwise, squeeze-and-excite, project: (In, H, W) to (Out, H / Stride, W / Stride).
template <int In, int Out, int Kernel, int Stride, int Expansion, int Wide = In* Expansion>
struct Body
    : Sequential<Named<"block",
                       Sequential<If<Wide != In, ConvNorm<In, Wide, 1, 1, 1, SiLU>>,
                                  ConvNorm<Wide, Wide, Kernel, Stride, Wide, SiLU>,
                                  torchvision::SqueezeExcitation<Wide, In / 4, SiLU, Sigmoid>, ConvNorm<Wide, Out>>>> {
};

template <int In, int Out, int Kernel, int Stride, int Expansion, int Count>
using Blocks = Stage<Count,
                     std::conditional_t<Stride == 1 && In == Out, Residual<Body<In, Out, Kernel, Stride, Expansion>>,
                                        Body<In, Out, Kernel, Stride, Expansion>>,
                     Residual<Body<Out, Out, Kernel, 1, Expansion>>>;

/// (3, Size, Size) to (Classes). Width and Depth: tenths of B0's channels and blocks.
template <int Classes, int Size, int Width, int Depth>
struct Network {
    static constexpr Shape input{3, Size, Size};
    static constexpr int channels(int of_b0) { return compound_scaling::channels(of_b0, Width); }
    static constexpr int blocks(int of_b0) { return compound_scaling::blocks(of_b0, Depth); }

    static constexpr void trace(Tracer& tracer) {
        using Features =
            Sequential<ConvNorm<3, channels(32), 3, 2, 1, SiLU>, Blocks<channels(32), channels(16), 3, 1, 1, blocks(1)>,
                       Blocks<channels(16), channels(24), 3, 2, 6, blocks(2)>,
                       Blocks<channels(24), channels(40), 5, 2, 6, blocks(2)>,
                       Blocks<channels(40), channels(80), 3, 2, 6, blocks(3)>,
                       Blocks<channels(80), channels(112), 5, 1, 6, blocks(3)>,
                       Blocks<channels(112), channels(192), 5, 2, 6, blocks(4)>,
                       Blocks<channels(192), channels(320), 3, 1, 6, blocks(1)>,
                       ConvNorm<channels(320), 4 * channels(320), 1, 1, 1, SiLU>>;
        Sequential<Named<"features", Features>, Named<"avgpool", GlobalAveragePool>,
                   Named<"classifier", Sequential<Dropout, Linear<4 * channels(320), Classes>>>>::trace(tracer);
    }
};

}  // namespace efficientnet

/// 5.29 M parameters and 0.77 GFLOP at 1000 classes and 224 pixels.
template <int Classes = 1000, int Size = 224>
struct EfficientNetB0 : efficientnet::Network<Classes, Size, 10, 10> {};

/// 7.79 M parameters.
template <int Classes = 1000, int Size = 240>
struct EfficientNetB1 : efficientnet::Network<Classes, Size, 10, 11> {};

/// 9.11 M parameters.
template <int Classes = 1000, int Size = 288>
struct EfficientNetB2 : efficientnet::Network<Classes, Size, 11, 12> {};

/// 12.2 M parameters.
template <int Classes = 1000, int Size = 300>
struct EfficientNetB3 : efficientnet::Network<Classes, Size, 12, 14> {};

}  // namespace taxon::zoo
