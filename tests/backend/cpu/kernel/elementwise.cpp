#include <taxon/backend/cpu/cpu.hpp>

#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/concat.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/identity.hpp>
#include <taxon/layer/layer_norm.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/residual.hpp>

#include "backend/against_reference.hpp"
#include "backend/dice.hpp"

using namespace taxon;

namespace {

constexpr int seed = 3;

struct Spec {
    int channels, left, right, hidden, height, width;
    Activation function;
};

constexpr Spec spec(int number) {
    Dice dice(seed * 1000 + number);
    constexpr int sides[] = {1, 3, 5, 7, 13, 15, 22, 24};
    Spec s{};
    s.channels = dice(4, 70), s.left = dice(1, 40), s.right = dice(1, 40), s.hidden = dice(1, 70);
    if (dice(0, 1) == 1) s.left = round_up(s.left, 8);
    s.height = dice.one_of(sides), s.width = dice.one_of(sides);
    s.function = dice.activation();
    return s;
}

/// Operations that no convolution can absorb: a normalisation of the input, sums of it, gates, means, slices and copies
/// of them.
template <int Number>
struct Network {
    static constexpr Spec s = spec(Number);
    static constexpr int wide = s.channels + s.left + s.right;
    static constexpr Shape input{s.channels, s.height, s.width};
    using Gate =
        Sequential<GlobalAveragePool, Linear<wide, s.hidden>, ReLU, Linear<s.hidden, wide, false>, HardSigmoid>;
    using Layers =
        Sequential<BatchNorm2d<s.channels>, Residual<Sequential<LayerNorm<s.channels>, Activate<s.function>>>, ReLU6,
                   Concat<Conv2d<s.channels, s.left, 1>, Identity, Conv2d<s.channels, s.right, 3>>, Gated<Gate>,
                   Residual<BatchNorm2d<wide>, Conv2d<wide, wide, 1>>, GlobalAveragePool, Linear<wide, s.hidden>,
                   Activate<s.function>, Concat<Linear<s.hidden, s.left>, Linear<s.hidden, s.right>, Identity>,
                   Linear<s.left + s.right + s.hidden, 33>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

template <int Number>
void check() {
    check_against_reference(Candidate::of<Network<Number>>(), "elementwise " + std::to_string(Number));
    if constexpr (Number % 3 == 0)
        check_against_reference(Candidate::of<Network<Number>, execution::LayerByLayer>(),
                                "elementwise " + std::to_string(Number));
}

template <int... Number>
void check_all(std::integer_sequence<int, Number...>) {
    (check<Number>(), ...);
}

}  // namespace

TEST_CASE("sums, gates, normalisations, means, slices and products of random shapes agree with Reference") {
    check_all(std::make_integer_sequence<int, 10>{});
}
