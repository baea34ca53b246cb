#include <taxon/layer/prelu.hpp>

#include <taxon/backend/reference/interpreter.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/linear.hpp>
#include <taxon/layer/pool.hpp>
#include <taxon/layer/sequential.hpp>

#include "backend/dice.hpp"
#include "backend/step_by_step.hpp"

using namespace taxon;

namespace {

struct Spec {
    int channels, hidden, height, width;
};

constexpr Spec spec(int number) {
    Dice dice(41'000 + number);
    return {dice(1, 40), dice(1, 70), dice(1, 9), dice(1, 9)};
}

/// Of the input, of a picture that a window reads, with one slope for all, and of a vector.
template <int Number>
struct Network {
    static constexpr Spec s = spec(Number);
    static constexpr Shape input{s.channels, s.height, s.width};
    using Layers = Sequential<PReLU<s.channels>, Conv2d<s.channels, s.hidden, 3>, PReLU<s.hidden>,
                              Conv2d<s.hidden, s.hidden, 3>, PReLU<>, GlobalAveragePool, Linear<s.hidden, 5>, PReLU<5>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

template <int... Number>
void check_all(std::integer_sequence<int, Number...>) {
    (check_against_reference(Candidate::of<Network<Number>>(), "prelu"), ...);
}

}  // namespace

TEST_CASE("PReLU: slopes by channel, or one for all, of random shapes agree with Reference") {
    check_all(std::make_integer_sequence<int, 5>{});
    check_against_reference(Candidate::of<Network<5>, execution::LayerByLayer>(), "prelu");
}

TEST_CASE("stored values: PReLU") {
    check_steps(Candidate::of<Network<0>>(), "prelu");
    check_steps(Candidate::of<Network<1>, execution::Fused, precision::BFloat16>(), "prelu");
    check_steps(Candidate::of<Network<2>, execution::Fused, precision::QInt8MixedFloat32>(), "prelu");
    check_steps(Candidate::of<Network<3>, execution::Fused, precision::QInt16MixedFloat16>(), "prelu");
}

TEST_CASE("a PReLU's only parameter is called weight") {
    constexpr GraphView graph = graph_of<Network<0>>;
    CHECK(graph.name(graph.parameters[0]) == "0.weight");
    CHECK(graph.parameters[0].shape[0] == Network<0>::s.channels);
}
