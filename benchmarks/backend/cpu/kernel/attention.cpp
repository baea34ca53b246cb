// The kernels of transformers: a block over the 197 tokens that a ViT-B/16 (Dosovitskiy et al. 2021) makes of a picture
// of 224 pixels.
#include <taxon/layer/activate.hpp>
#include <taxon/layer/attention.hpp>
#include <taxon/layer/layer_norm.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/residual.hpp>

#include "program.hpp"
#include "steps.hpp"

namespace {

using namespace taxon;

template <int Features, int Heads>
struct Block {
    static constexpr Shape input = Shape::tokens(Features, 197);
    using Attention = Sequential<LayerNorm<Features>, Linear<Features, 3 * Features>, SelfAttention<Features, Heads>,
                                 Linear<Features, Features>>;
    using Perceptron =
        Sequential<LayerNorm<Features>, Linear<Features, 4 * Features>, GELU, Linear<4 * Features, Features>>;
    using Layers = Sequential<Residual<Attention>, Residual<Perceptron>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

}  // namespace

int main(int argc, char** argv) {
    return benchmarks::run_program(argc, argv, [](cpu::Isa isa) {
        benchmarks::add_steps(benchmarks::Network::of<Block<768, 12>>("vit_b_16"), isa);
    });
}
