// Operations bound by memory, of which the zoo has few that are not fused: activations, normalisations, sums, gates,
// copies, shuffles and resizing on their own, on maps that fit the L2 cache and on maps that do not. An activation's
// time over that of ReLU is its cost.
#include <taxon/layer/activate.hpp>
#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/concat.hpp>
#include <taxon/layer/group_norm.hpp>
#include <taxon/layer/identity.hpp>
#include <taxon/layer/interpolate.hpp>
#include <taxon/layer/layer_norm.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/prelu.hpp>
#include <taxon/layer/residual.hpp>
#include <taxon/layer/shuffle.hpp>
#include <taxon/layer/softmax.hpp>

#include "program.hpp"
#include "steps.hpp"

namespace {

using namespace taxon;

template <int Channels, int Side>
struct Elementwise {
    static constexpr Shape input{Channels, Side, Side};
    using Activations = Sequential<ReLU, ReLU6, HardSigmoid, HardSwish, Sigmoid, SiLU, GELU, LeakyReLU<>, ELU<>,
                                   Softplus<>, Mish, HardTanh<>, PReLU<Channels>>;
    using Normalisations = Sequential<BatchNorm2d<Channels>, GroupNorm<8, Channels>, InstanceNorm2d<Channels>,
                                      LayerNorm<Channels>, Softmax>;
    using Resizing = Sequential<InterpolateBy<Interpolation::bilinear, 2>, Interpolate<Interpolation::bilinear, Side>,
                                InterpolateBy<Interpolation::nearest, 1.5>, Interpolate<Interpolation::nearest, Side>>;
    using Layers = Sequential<Activations, Normalisations, Resizing, ChannelShuffle<2>, PixelUnshuffle<2>,
                              PixelShuffle<2>, Residual<ReLU>, Gated<GlobalAveragePool>, Concat<Identity, Identity>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

}  // namespace

int main(int argc, char** argv) {
    return benchmarks::run_program(argc, argv, [](cpu::Isa isa) {
        benchmarks::add_steps(benchmarks::Network::of<Elementwise<72, 28>, execution::LayerByLayer>("mobilenet_v3_map"),
                              isa);
        benchmarks::add_steps(benchmarks::Network::of<Elementwise<256, 56>, execution::LayerByLayer>("resnet50_map"),
                              isa);
    });
}
