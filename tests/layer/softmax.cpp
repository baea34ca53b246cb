#include <taxon/layer/softmax.hpp>

#include <cmath>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/sequential.hpp>

#include "backend/dice.hpp"
#include "backend/step_by_step.hpp"

using namespace taxon;

namespace {

struct Spec {
    int channels, hidden, height, width, classes;
};

constexpr Spec spec(int number) {
    Dice dice(59'000 + number);
    return {dice(1, 40), dice(1, 40), dice(1, 7), dice(1, 7), dice(1, 200)};
}

/// Of the input, of a picture with a halo, of a vector.
template <int Number>
struct Network {
    static constexpr Spec s = spec(Number);
    static constexpr Shape input{s.channels, s.height, s.width};
    using Layers = Sequential<Softmax, Conv2d<s.channels, s.hidden, 3>, Softmax, Conv2d<s.hidden, s.hidden, 3>,
                              GlobalAveragePool, Linear<s.hidden, s.classes>, Softmax>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

struct Tokens {
    static constexpr Shape input = Shape::tokens(13, 20);
    static constexpr void trace(Tracer& tracer) { Sequential<Linear<13, 29>, Softmax>::trace(tracer); }
};

template <int Classes>
struct Alone {
    static constexpr Shape input{Classes};
    static constexpr void trace(Tracer& tracer) { Softmax::trace(tracer); }
};

template <int... Number>
void check_all(std::integer_sequence<int, Number...>) {
    (check_steps(Candidate::of<Network<Number>>(), "softmax"), ...);
}

}  // namespace

TEST_CASE("softmax of random shapes agrees with Reference") {
    check_all(std::make_integer_sequence<int, 5>{});
    check_steps(Candidate::of<Network<5>, execution::LayerByLayer>(), "softmax");
    check_steps(Candidate::of<Tokens>(), "softmax", 7);
}

TEST_CASE("stored values: softmax") {
    check_steps(Candidate::of<Network<6>, execution::Fused, precision::QInt8MixedFloat32>(), "softmax");
    check_steps(Candidate::of<Network<7>, execution::Fused, precision::BFloat16>(), "softmax");
    check_steps(Candidate::of<Network<8>, execution::Fused, precision::QInt16MixedFloat32>(), "softmax");
}

TEST_CASE("shares are finite and add up to one, however large the numbers, and a NaN makes all of them NaN") {
    const Candidate c = Candidate::of<Alone<37>>();
    const auto packed = cpu::pack(c.graph, c.plan, Parameters(c.graph, io::SyntheticWeights()));
    for (const auto isa : instruction_sets()) {
        auto sample = input_of(c.graph, "softmax", 37);
        for (float& x : sample) x *= 1e30f;
        sample[36] = sample[3] = 3e38f;
        const auto found = run_in_parts(c, packed, c.kernel_table(isa), sample, 1, 1);
        CHECK(found[36] == 0.5f);
        CHECK(found[3] == 0.5f);
        for (const std::size_t place : {std::size_t{2}, std::size_t{36}}) {
            auto spoilt = sample;
            spoilt[place] = std::nanf("");
            for (const float x : run_in_parts(c, packed, c.kernel_table(isa), spoilt, 1, 1)) CHECK(std::isnan(x));
        }
    }
}
