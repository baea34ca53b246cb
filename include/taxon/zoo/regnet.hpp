#pragma once
#include <taxon/layer/activate.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/layer/sequential.hpp>
#include <taxon/zoo/torchvision.hpp>

/// RegNet (Radosavovic et al. 2020, section 4 and appendix D) with the parameter names of torchvision
/// (models/regnet.py).
namespace taxon::zoo {

namespace regnet {

/// A quarter of the block's input channels, rounded half to even.
constexpr int squeezed(int channels) { return channels / 4 + (channels % 4 == 3 || channels % 8 == 6 ? 1 : 0); }

using torchvision::ConvNorm;

/// (In, H, W) to (Out, H / Stride, W / Stride), a convolution in groups of GroupWidth channels in the middle.
template <int In, int Out, int Stride, int GroupWidth, bool Squeeze>
struct Block {
    using Body = Sequential<Named<"a", ConvNorm<In, Out, 1, 1, 1, ReLU>>,
                            Named<"b", ConvNorm<Out, Out, 3, Stride, Out / GroupWidth, ReLU>>,
                            If<Squeeze, Named<"se", torchvision::SqueezeExcitation<Out, squeezed(In), ReLU, Sigmoid>>>,
                            Named<"c", ConvNorm<Out, Out>>>;
    static constexpr void trace(Tracer& tracer) {
        Residual<Named<"f", Body>, If<Stride != 1 || In != Out, Named<"proj", ConvNorm<In, Out, 1, Stride>>>>::trace(
            tracer);
        tracer.scope("activation", ReLU::trace);
    }
};

/// Blocks in sequence; the first one changes the number of channels and halves the picture's sides.
template <int Number, int In, int Out, int Count, int GroupWidth, bool Squeeze>
struct Stage {
    static constexpr void trace(Tracer& tracer) {
        for (int i = 0; i < Count; ++i) {
            Text<16> name;
            name << "block" << Number << "-" << i;
            tracer.scope(name.view(), i == 0 ? Block<In, Out, 2, GroupWidth, Squeeze>::trace
                                             : Block<Out, Out, 1, GroupWidth, Squeeze>::trace);
        }
    }
};

struct Width {
    int channels, blocks;
};

/// (3, Size, Size) to (Classes).
template <int Classes, int Size, int GroupWidth, bool Squeeze, Width W1, Width W2, Width W3, Width W4>
struct Network {
    static constexpr Shape input{3, Size, Size};
    using Trunk = Sequential<Named<"block1", Stage<1, 32, W1.channels, W1.blocks, GroupWidth, Squeeze>>,
                             Named<"block2", Stage<2, W1.channels, W2.channels, W2.blocks, GroupWidth, Squeeze>>,
                             Named<"block3", Stage<3, W2.channels, W3.channels, W3.blocks, GroupWidth, Squeeze>>,
                             Named<"block4", Stage<4, W3.channels, W4.channels, W4.blocks, GroupWidth, Squeeze>>>;
    using Layers = Sequential<Named<"stem", ConvNorm<3, 32, 3, 2, 1, ReLU>>, Named<"trunk_output", Trunk>,
                              Named<"avgpool", GlobalAveragePool>, Named<"fc", Linear<W4.channels, Classes>>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

}  // namespace regnet

/// 5.50 M parameters.
template <int Classes = 1000, int Size = 224>
struct RegNetX400MF : regnet::Network<Classes, Size, 16, false, regnet::Width{32, 1}, regnet::Width{64, 2},
                                      regnet::Width{160, 7}, regnet::Width{400, 12}> {};

/// 4.34 M parameters; the Y networks have squeeze-and-excitation.
template <int Classes = 1000, int Size = 224>
struct RegNetY400MF : regnet::Network<Classes, Size, 8, true, regnet::Width{48, 1}, regnet::Width{104, 3},
                                      regnet::Width{208, 6}, regnet::Width{440, 6}> {};

}  // namespace taxon::zoo
