#include <taxon/backend/cpu/cpu.hpp>

#include <taxon/layer/activate.hpp>
#include <taxon/layer/attention.hpp>
#include <taxon/layer/concat.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/layer_norm.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/residual.hpp>

#include "backend/dice.hpp"
#include "backend/step_by_step.hpp"

using namespace taxon;

namespace {

constexpr int seed = 4;

struct Spec {
    int heads, features, hidden, tokens;
    Activation function;
};

constexpr Spec spec(int number) {
    Dice dice(seed * 1000 + number);
    Spec s{};
    s.heads = dice(1, 5);
    s.features = s.heads * dice(3, 19);
    s.hidden = dice(1, 70), s.tokens = dice(1, 70);
    s.function = dice.activation();
    return s;
}

/// A transformer's block (Vaswani et al. 2017), the normalisations first.
template <int Number>
struct Network {
    static constexpr Spec s = spec(Number);
    static constexpr Shape input = Shape::tokens(s.features, s.tokens);
    using Layers = Sequential<Linear<s.features, s.features>,
                              Residual<Sequential<LayerNorm<s.features>, Linear<s.features, 3 * s.features>,
                                                  SelfAttention<s.features, s.heads>, Linear<s.features, s.features>>>,
                              Residual<Sequential<LayerNorm<s.features>, Linear<s.features, s.hidden>,
                                                  Activate<s.function>, Linear<s.hidden, s.features>>>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// The least and the most tokens, and odd numbers between them.
template <int Number>
void check() {
    for (const int tokens : {1, 2, 7, 31, Network<Number>::s.tokens}) {
        if (tokens > Network<Number>::s.tokens) continue;
        check_against_reference(Candidate::of<Network<Number>>(), "attention " + std::to_string(Number), tokens);
        if constexpr (Number % 3 == 0)
            check_against_reference(Candidate::of<Network<Number>, execution::LayerByLayer>(),
                                    "attention " + std::to_string(Number), tokens);
    }
}

template <int... Number>
void check_all(std::integer_sequence<int, Number...>) {
    (check<Number>(), ...);
}

/// More keys than the kernel looks at at a time, twice, and heads of whole registers.
struct Long {
    static constexpr Shape input = Shape::tokens(16, 300);
    static constexpr void trace(Tracer& tracer) { Sequential<Linear<16, 96>, SelfAttention<32, 2>>::trace(tracer); }
};

/// Keys that lie half a page apart, which the kernel copies.
struct HalfPages {
    static constexpr Shape input = Shape::tokens(16, 140);
    static constexpr void trace(Tracer& tracer) { Sequential<Linear<16, 510>, SelfAttention<170, 10>>::trace(tracer); }
};

/// A picture's pixels as tokens: their queries, keys and values, and the result, are also read by windows of 3x3, so
/// that there are halos around both; and once more without.
struct Pixels {
    static constexpr Shape input{5, 7, 9};
    using Attended = Concat<Sequential<SelfAttention<20, 2>, Conv2d<20, 8, 3>>, Conv2d<60, 8, 3>>;
    using Layers = Sequential<Conv2d<5, 60, 1>, Attended, Linear<16, 24>, SelfAttention<8, 1>, Linear<8, 3>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

}  // namespace

TEST_CASE("attention over the pixels of a picture agrees with Reference, with halos around them and without") {
    check_against_reference(Candidate::of<Pixels>(), "pixels");
    check_against_reference(Candidate::of<Pixels, execution::LayerByLayer>(), "pixels");
    check_steps(Candidate::of<Pixels, execution::Fused, precision::BFloat16>(), "pixels");
    check_steps(Candidate::of<Pixels, execution::Fused, precision::QInt8MixedFloat32>(), "pixels");
}

TEST_CASE("attention over long sequences agrees with Reference") {
    for (const int tokens : {127, 128, 129, 255, 261, 300})
        check_against_reference(Candidate::of<Long>(), "long attention", tokens);
}

TEST_CASE("attention over keys half a page apart agrees with Reference") {
    STATIC_REQUIRE(plan_of<HalfPages>.steps[1].geometry.in.pitch == 512);
    for (const int tokens : {1, 33, 140}) check_against_reference(Candidate::of<HalfPages>(), "half pages", tokens);
}

TEST_CASE("attention and token-wise layers of random sizes agree with Reference") {
    check_all(std::make_integer_sequence<int, 8>{});
}
