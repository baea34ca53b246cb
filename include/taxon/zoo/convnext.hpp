#pragma once
#include <taxon/layer/activate.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/identity.hpp>
#include <taxon/layer/layer_norm.hpp>
#include <taxon/layer/learned.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/layer/stage.hpp>

/// ConvNeXt (Liu et al. 2022, table 9) with the parameter names of torchvision (models/convnext.py).
namespace taxon::zoo {

namespace convnext {

template <int Channels>
using Norm = LayerNorm<Channels, 1'000'000>;

/// Depthwise 7x7, then a perceptron on every pixel, times a learned factor per channel.
template <int Channels>
struct Body {
    using Block = Sequential<Conv2d<Channels, Channels, 7, 1, Channels, true>, Identity, Norm<Channels>,
                             Linear<Channels, 4 * Channels>, GELU, Linear<4 * Channels, Channels>>;
    static constexpr void trace(Tracer& tracer) {
        tracer.scope("block", Block::trace);
        Gated<Named<"layer_scale", LearnedFactors<Channels>>>::trace(tracer);
    }
};

template <int In, int Out>
using Downsampling = Sequential<Norm<In>, Conv2d<In, Out, 2, 2, 1, true, 0>>;

using Features = Sequential<Sequential<Conv2d<3, 96, 4, 4, 1, true, 0>, Norm<96>>, Stage<3, Residual<Body<96>>>,
                            Downsampling<96, 192>, Stage<3, Residual<Body<192>>>, Downsampling<192, 384>,
                            Stage<9, Residual<Body<384>>>, Downsampling<384, 768>, Stage<3, Residual<Body<768>>>>;

}  // namespace convnext

/// (3, Size, Size) to (Classes): 28.6 M parameters and 8.91 GFLOP at 1000 classes and 224 pixels.
template <int Classes = 1000, int Size = 224>
struct ConvNeXtTiny {
    static constexpr Shape input{3, Size, Size};
    using Layers = Sequential<Named<"features", convnext::Features>, Named<"avgpool", GlobalAveragePool>,
                              Named<"classifier", Sequential<convnext::Norm<768>, Identity, Linear<768, Classes>>>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

}  // namespace taxon::zoo
