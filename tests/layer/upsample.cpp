#include <taxon/layer/upsample.hpp>

#include <taxon/backend/reference/interpreter.hpp>
#include <taxon/layer/concat.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/identity.hpp>
#include <taxon/layer/slice.hpp>

#include "backend/against_reference.hpp"
#include "backend/dice.hpp"
#include "backend/step_by_step.hpp"
#include "graph/plan_invariants.hpp"

using namespace taxon;

namespace {

constexpr int seed = 37;

struct Spec {
    int channels, hidden, height, width, factor;
};

constexpr Spec spec(int number) {
    Dice dice(seed * 1000 + number);
    Spec s{dice(1, 40), dice(1, 40), dice(1, 9), dice(1, 9), dice(1, 3)};
    if (dice(0, 1) == 1) s.hidden = round_up(s.hidden, 8);
    return s;
}

/// Upsampled values written into a concatenation, copied there, and read by a window; then slices of the sum of them,
/// of which one is read by two.
template <int Number>
struct Network {
    static constexpr Spec s = spec(Number);
    static constexpr int joined = 2 * s.hidden + s.channels,
                         first = joined / 3 / (Number % 2 == 0 ? 8 : 1) * (Number % 2 == 0 ? 8 : 1);
    static constexpr Shape input{s.channels, s.height, s.width};
    using Layers =
        Sequential<Concat<Sequential<Conv2d<s.channels, s.hidden, 1>, Upsample<s.factor>>, Upsample<s.factor>,
                          Sequential<Conv2d<s.channels, s.hidden, 3>, Upsample<s.factor>>>,
                   Conv2d<joined, joined, 3>,
                   Concat<Slice<first, joined - first>,
                          Sequential<Slice<first, joined - first>, Conv2d<joined - first, 16, 3>>, Slice<0, first>>,
                   Conv2d<joined + 16, 9, 1>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

template <int Number>
void check() {
    if constexpr (Network<Number>::first > 0) {
        PlanInvariants(graph_of<Network<Number>>, plan_of<Network<Number>>).check();
        PlanInvariants(graph_of<Network<Number>>, plan_of<Network<Number>, Network<Number>::input, false>).check();
        check_against_reference(Candidate::of<Network<Number>>(), "upsample " + std::to_string(Number));
        if constexpr (Number % 3 == 0)
            check_against_reference(Candidate::of<Network<Number>, execution::LayerByLayer>(),
                                    "upsample " + std::to_string(Number));
        if constexpr (Number % 4 == 0)
            check_steps(Candidate::of<Network<Number>, execution::Fused, precision::QInt8MixedFloat32>(), "upsample",
                        0);
        if constexpr (Number % 4 == 2)
            check_steps(Candidate::of<Network<Number>, execution::Fused, precision::BFloat16>(), "upsample", 0);
        if constexpr (Number % 4 == 3)
            check_steps(Candidate::of<Network<Number>, execution::LayerByLayer, precision::QInt16MixedFloat32>(),
                        "upsample", 0);
    }
}

template <int... Number>
void check_all(std::integer_sequence<int, Number...>) {
    (check<Number>(), ...);
}

template <int Factor>
struct Alone {
    static constexpr Shape input{1, 2, 3};
    static constexpr void trace(Tracer& tracer) { Upsample<Factor>::trace(tracer); }
};

}  // namespace

TEST_CASE("every pixel becomes as many equal ones in each direction") {
    STATIC_REQUIRE(graph_of<Alone<3>>.output_shape() == Shape{1, 6, 9});
    std::vector<float> found(24);
    reference::Interpreter(graph_of<Alone<2>>, io::SyntheticWeights())
        .run(std::vector<float>{1, 2, 3, 4, 5, 6}, found, 0);
    CHECK(found == std::vector<float>{1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 4, 4, 5, 5, 6, 6});
}

TEST_CASE("upsampled values and slices of random shapes agree with Reference") {
    check_all(std::make_integer_sequence<int, 12>{});
}
