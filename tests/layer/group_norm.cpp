#include <taxon/layer/group_norm.hpp>

#include <cmath>
#include <taxon/backend/reference/interpreter.hpp>
#include <taxon/layer/activate.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/sequential.hpp>

#include "backend/dice.hpp"
#include "backend/step_by_step.hpp"

using namespace taxon;

namespace {

struct Spec {
    int groups, width, hidden, height, columns;
    bool affine;
};

constexpr Spec spec(int number) {
    Dice dice(43'000 + number);
    constexpr int widths[] = {1, 2, 3, 5, 8, 12, 16, 70, 75}, sides[] = {2, 3, 7, 9, 34};
    return {dice(1, 12), dice.one_of(widths), dice(1, 40), dice.one_of(sides), dice.one_of(sides), dice(0, 1) == 1};
}

/// Groups of the input and of a picture with a halo, an activation fused or not; instances; one group.
template <int Number>
struct Network {
    static constexpr Spec s = spec(Number);
    static constexpr int channels = s.groups * s.width;
    static constexpr Shape input{channels, s.height, s.columns};
    using Layers = Sequential<GroupNorm<s.groups, channels, s.affine>, Conv2d<channels, channels, 1>,
                              GroupNorm<s.groups, channels>, SiLU, Conv2d<channels, s.hidden, 3>,
                              InstanceNorm2d<s.hidden, !s.affine>, LeakyReLU<>, Conv2d<s.hidden, 10, 3>,
                              GroupNorm<1, 10, true, 1'000>, GroupNorm<2, 10, false>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

template <int Number>
void check() {
    const Candidate c = Candidate::of<Network<Number>>();
    check_against_reference(c, "groups");
    check_steps(c, "groups");
    if constexpr (Number == 0) check_against_reference(Candidate::of<Network<0>, execution::LayerByLayer>(), "groups");
}

template <int... Number>
void check_all(std::integer_sequence<int, Number...>) {
    (check<Number>(), ...);
}

template <int Groups, int Channels>
struct Alone {
    static constexpr Shape input{Channels, 9, 37};
    static constexpr void trace(Tracer& tracer) { GroupNorm<Groups, Channels, false>::trace(tracer); }
};

}  // namespace

TEST_CASE("groups and instances of random shapes agree with Reference") {
    check_all(std::make_integer_sequence<int, 6>{});
}

TEST_CASE("stored values: groups") {
    check_steps(Candidate::of<Network<6>, execution::Fused, precision::BFloat16>(), "groups");
    check_steps(Candidate::of<Network<7>, execution::Fused, precision::QInt8MixedFloat32>(), "groups");
    check_steps(Candidate::of<Network<8>, execution::Fused, precision::QInt16MixedFloat32>(), "groups");
}

TEST_CASE("a mean of a thousand deviations costs a group three of its seven digits, and no more") {
    const Candidate c = Candidate::of<Alone<3, 9>>();
    auto sample = input_of(c.graph, "groups", 9 * 9 * 37);
    for (float& x : sample) x += 1000;
    std::vector<float> expected(sample.size());
    const io::SyntheticWeights weights;
    reference::Interpreter(c.graph, weights).run(sample, expected, 0);
    const auto packed = cpu::pack(c.graph, c.plan, Parameters(c.graph, weights));
    for (const auto isa : instruction_sets()) {
        const auto found = run_in_parts(c, packed, c.kernel_table(isa), sample, 0, 1);
        double worst = 0;
        for (std::size_t i = 0; i < found.size(); ++i)
            worst = std::max(worst, std::abs(static_cast<double>(found[i]) - static_cast<double>(expected[i])));
        CHECK(worst <= 4 * 0x1p-24 * 1000 * std::sqrt(3.0));  // roundings of numbers near 1000 · √3
    }
}

TEST_CASE("a group normalisation takes up the activation after it") {
    int steps = 0;
    for (const Step& step : plan_of<Network<0>>.steps) steps += step.geometry.kernel == Kernel::activation;
    CHECK(steps == 0);
}
