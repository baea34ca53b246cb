#include <taxon/layer/l2_normalize.hpp>

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
    Dice dice(73'000 + number);
    return {dice(1, 40), dice(1, 40), dice(1, 7), dice(1, 7), dice(1, 200)};
}

/// Of the input, of a picture with a halo, of a vector.
template <int Number>
struct Network {
    static constexpr Spec s = spec(Number);
    static constexpr Shape input{s.channels, s.height, s.width};
    using Layers = Sequential<L2Normalize, Conv2d<s.channels, s.hidden, 3>, L2Normalize, Conv2d<s.hidden, s.hidden, 3>,
                              GlobalAveragePool, Linear<s.hidden, s.classes>, L2Normalize>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

struct Tokens {
    static constexpr Shape input = Shape::tokens(13, 20);
    static constexpr void trace(Tracer& tracer) { Sequential<Linear<13, 29>, L2Normalize>::trace(tracer); }
};

struct Alone {
    static constexpr Shape input{37};
    static constexpr void trace(Tracer& tracer) { L2Normalize::trace(tracer); }
};

}  // namespace

TEST_CASE("vectors of random shapes, divided by their lengths, agree with Reference") {
    check_steps(Candidate::of<Network<0>>(), "l2_normalize");
    check_steps(Candidate::of<Network<1>>(), "l2_normalize");
    check_steps(Candidate::of<Network<2>, execution::LayerByLayer>(), "l2_normalize");
    check_steps(Candidate::of<Tokens>(), "l2_normalize", 7);
}

TEST_CASE("stored values: l2_normalize") {
    check_steps(Candidate::of<Network<3>, execution::Fused, precision::QInt8MixedFloat32>(), "l2_normalize");
    check_steps(Candidate::of<Network<4>, execution::Fused, precision::BFloat16>(), "l2_normalize");
}

TEST_CASE("a vector of zeros stays zero, and a NaN makes all of it NaN") {
    const Candidate c = Candidate::of<Alone>();
    const auto packed = cpu::pack(c.graph, c.plan, Parameters(c.graph, io::SyntheticWeights()));
    for (const auto isa : instruction_sets()) {
        std::vector<float> sample(37, 0.f);
        for (const float x : run_in_parts(c, packed, c.kernel_table(isa), sample, 1, 1)) CHECK(x == 0);
        sample[36] = 3, sample[0] = -4;
        const auto found = run_in_parts(c, packed, c.kernel_table(isa), sample, 1, 1);
        CHECK(found[36] == 0.6f);
        CHECK(found[0] == -0.8f);
        sample[5] = std::nanf("");
        for (const float x : run_in_parts(c, packed, c.kernel_table(isa), sample, 1, 1)) CHECK(std::isnan(x));
    }
}
