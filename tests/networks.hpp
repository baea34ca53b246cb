#pragma once
#include <taxon/layer/activate.hpp>
#include <taxon/layer/attention.hpp>
#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/concat.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/identity.hpp>
#include <taxon/layer/layer_norm.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/layer/rounded.hpp>
#include <taxon/layer/sequential.hpp>

/// Small networks of every kind of graph that the tests have to do with.
namespace networks {

using namespace taxon;

/// Branches that are written directly into their slices: 8 + 16 + 13 channels.
struct Branches {
    static constexpr Shape input{3, 13, 15};
    using Layers =
        Sequential<Conv2d<3, 10, 3, 2, 1, true>, ReLU,
                   Concat<Sequential<Conv2d<10, 8, 1>, HardSwish>,
                          Sequential<Conv2d<10, 12, 1>, Conv2d<12, 16, 3>, BatchNorm2d<16>, ReLU>, Conv2d<10, 13, 3>>,
                   Conv2d<37, 9, 3>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// Branches that have to be copied: 5 and 3 channels are no whole vectors, and the input lies elsewhere. A window reads
/// the sum of all.
struct OddBranches {
    static constexpr Shape input{7, 9, 5};
    using Layers = Sequential<Concat<Conv2d<7, 5, 3>, Identity, Conv2d<7, 3, 1>, Sequential<Conv2d<7, 6, 1>, SiLU>>,
                              Conv2d<21, 11, 3>, LayerNorm<11>, Conv2d<11, 4, 3>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// A concatenation of concatenations; one value stands twice in one, and once more in the next.
struct Nested {
    static constexpr Shape input{4, 6, 6};
    using Inner = Concat<Identity, Conv2d<16, 8, 3>, Identity>;
    using Layers =
        Sequential<Conv2d<4, 16, 3>, ReLU, Concat<Inner, Sequential<Inner, HardSwish>, Identity>, Conv2d<96, 5, 1>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// A shortcut outlives a concatenation that it is a slice of, while a gate is applied to the whole.
struct GatedSlices {
    static constexpr Shape input{3, 7, 7};
    using Gate = Sequential<GlobalAveragePool, Linear<32, 32>, Sigmoid>;
    using Layers =
        Sequential<Conv2d<3, 16, 3>,
                   Residual<Sequential<Concat<Identity, Conv2d<16, 16, 1>>, Gated<Gate>, Conv2d<32, 16, 1>>>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// Slices of vectors.
struct VectorBranches {
    static constexpr Shape input{6, 3, 3};
    using Layers =
        Sequential<GlobalAveragePool, Concat<Linear<6, 8>, Linear<6, 32>, Identity, Linear<6, 64>, Linear<6, 7>>,
                   HardSwish, Linear<117, 10>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// Residuals with a shortcut of their own, the activation behind the sum, and one around a whole block.
struct Shortcuts {
    static constexpr Shape input{5, 14, 10};
    template <int In, int Out, int Stride>
    using Block = Sequential<
        Residual<Sequential<Conv2d<In, Out, 3, Stride>, BatchNorm2d<Out>, ReLU, Conv2d<Out, Out, 3>, BatchNorm2d<Out>>,
                 If<Stride != 1 || In != Out,
                    Named<"downsample", Sequential<Conv2d<In, Out, 1, Stride>, BatchNorm2d<Out>>>>>,
        ReLU>;
    using Layers = Sequential<Block<5, 20, 1>, Block<20, 20, 1>, Residual<Block<20, 20, 1>>, Block<20, 33, 2>,
                              GlobalAveragePool, Linear<33, 7>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// Depthwise, gated in place, projected, twice; 8 to 30 channels.
struct Gates {
    static constexpr Shape input{3, 11, 9};
    template <int Channels>
    using Gate = Gated<Sequential<GlobalAveragePool, Conv2d<Channels, 4, 1, 1, 1, true>, ReLU,
                                  Conv2d<4, Channels, 1, 1, 1, true>, HardSigmoid>>;
    using Layers = Sequential<Conv2d<3, 8, 3, 2>, HardSwish,
                              Residual<Sequential<Conv2d<8, 30, 1>, ReLU, Conv2d<30, 30, 5, 1, 30>, BatchNorm2d<30>,
                                                  Gate<30>, HardSwish, Conv2d<30, 8, 1>>>,
                              Conv2d<8, 8, 3, 2, 8>, Gate<8>, GlobalAveragePool, Linear<8, 4>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// Two blocks of a transformer over up to 64 tokens.
struct Transformer {
    static constexpr int features = 24, heads = 3;
    static constexpr Shape input = Shape::tokens(features, 64);
    using Block =
        Sequential<Residual<Sequential<LayerNorm<features>, Linear<features, 3 * features>,
                                       SelfAttention<features, heads>, Linear<features, features>>>,
                   Residual<Sequential<LayerNorm<features>, Linear<features, 50>, GELU, Linear<50, features>>>>;
    using Layers = Sequential<Block, Block, LayerNorm<features>, Linear<features, 5>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// A block that adds to a normalised value and multiplies it.
struct PostNormalised {
    static constexpr int features = 19;
    static constexpr Shape input = Shape::tokens(features, 40);
    using Layers =
        Sequential<LayerNorm<features>, Residual<Sequential<Rounded, Linear<features, 35>, GELU, Linear<35, features>>>,
                   LayerNorm<features>, Linear<features, 5>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// Layers of pictures that store bytes by channel, read by windows.
struct NormalisedPicture {
    static constexpr Shape input{3, 9, 8};
    using Layers = Sequential<Conv2d<3, 12, 1>, LayerNorm<12>, Conv2d<12, 10, 3, 2, 1, true>, GELU, Conv2d<10, 7, 3>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// GELU of outputs that have parameters of their own; and a copy of a rounded copy.
struct SideBySide {
    static constexpr Shape input = Shape::tokens(24, 30);
    using Layers =
        Sequential<LayerNorm<24>,
                   Residual<Sequential<Rounded, Rounded, LinearSideBySide<24, 16, "a", "b">, GELU, Linear<32, 24>>>,
                   Linear<24, 5>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// Values that no factors suit: read through groups whose weights are merged, one by one, and as they are.
struct OddReaders {
    static constexpr Shape input{3, 9, 8};
    using Layers = Sequential<Conv2d<3, 8, 1>, LayerNorm<8>, Conv2d<8, 8, 3, 1, 2>, LayerNorm<8>, Conv2d<8, 8, 3, 1, 8>,
                              LayerNorm<8>, Residual<Conv2d<8, 8, 3>>, Conv2d<8, 5, 1>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// Children one after the other, `Count` times the same.
template <class Block, class Numbers>
struct RepeatedFor;
template <class Block, int... Number>
struct RepeatedFor<Block, std::integer_sequence<int, Number...>> {
    template <int>
    using Again = Block;
    using type = Sequential<Again<Number>...>;
};
template <class Block, int Count>
using Repeated = typename RepeatedFor<Block, std::make_integer_sequence<int, Count>>::type;

}  // namespace networks
