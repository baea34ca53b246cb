// Operations that no step of the zoo, or few, leave unfused: activations, normalisations, sums, gates and copies on
// their own, on maps that fit the L2 cache and on maps that do not. An activation's time over that of ReLU is its cost.
#include <taxon/layer/activate.hpp>
#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/concat.hpp>
#include <taxon/layer/identity.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/residual.hpp>

#include "program.hpp"
#include "steps.hpp"

namespace {

using namespace taxon;

template <int Channels, int Side>
struct Elementwise {
    static constexpr Shape input{Channels, Side, Side};
    using Layers = Sequential<ReLU, ReLU6, HardSigmoid, HardSwish, Sigmoid, SiLU, GELU, BatchNorm2d<Channels>,
                              Residual<ReLU>, Gated<GlobalAveragePool>, Concat<Identity, Identity>>;
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
