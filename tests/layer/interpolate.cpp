#include <taxon/layer/interpolate.hpp>

#include <taxon/backend/reference/interpreter.hpp>
#include <taxon/layer/concat.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/identity.hpp>

#include "backend/dice.hpp"
#include "backend/step_by_step.hpp"

using namespace taxon;

namespace {

struct Spec {
    int channels, hidden, height, width, new_height, new_width;
    Interpolation mode{};
    bool aligns = false;
    Real factor{};
};

constexpr Spec spec(int number) {
    Dice dice(47'000 + number);
    constexpr int sides[] = {1, 2, 3, 5, 8, 13, 21, 70};
    Spec s{dice(1, 30), dice(1, 30), dice.one_of(sides), dice.one_of(sides), dice(1, 20), dice.one_of(sides)};
    s.mode = static_cast<Interpolation>(number % 3);
    s.aligns = s.mode == Interpolation::bilinear && dice(0, 1) == 1;
    s.factor = dice.one_of({1.0, 1.3, 2.0, 2.5, 3.0});
    return s;
}

/// Of the input, of a picture with a halo, into a concatenation, by sizes and by factors.
template <int Number>
struct Network {
    static constexpr Spec s = spec(Number);
    static constexpr Shape input{s.channels, s.height, s.width};
    using Resized = Interpolate<s.mode, s.new_height, s.new_width, s.aligns>;
    using Layers = Sequential<Resized, Conv2d<s.channels, 16, 3>, InterpolateBy<s.mode, s.factor, 1.7, s.aligns>,
                              Conv2d<16, s.hidden, 3>,
                              Concat<Sequential<Conv2d<s.hidden, 8, 1>, Resized>, Resized,
                                     Interpolate<Interpolation::nearest, s.new_height, s.new_width>>,
                              Conv2d<8 + 2 * s.hidden, 5, 1>, UpsamplingBilinear2d<2>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

template <int... Number>
void check_all(std::integer_sequence<int, Number...>) {
    (check_against_reference(Candidate::of<Network<Number>>(), "interpolate"), ...);
}

template <Layer L>
struct Alone {
    static constexpr Shape input{1, 2, 3};
    static constexpr void trace(Tracer& tracer) { L::trace(tracer); }
};

template <Layer L>
std::vector<float> resized() {
    std::vector<float> found(static_cast<std::size_t>(graph_of<Alone<L>>.output_shape().size()));
    reference::Interpreter(graph_of<Alone<L>>, io::SyntheticWeights())
        .run(std::vector<float>{0, 1, 2, 4, 8, 16}, found, 0);
    return found;
}

using enum Interpolation;

}  // namespace

TEST_CASE("resized pictures of random shapes agree with Reference") {
    check_all(std::make_integer_sequence<int, 9>{});
    check_against_reference(Candidate::of<Network<9>, execution::LayerByLayer>(), "interpolate");
}

TEST_CASE("stored values: resized pictures") {
    check_steps(Candidate::of<Network<2>>(), "interpolate");
    check_steps(Candidate::of<Network<5>, execution::Fused, precision::QInt8MixedFloat32>(), "interpolate");
    check_steps(Candidate::of<Network<10>, execution::Fused, precision::BFloat16>(), "interpolate");
    check_steps(Candidate::of<Network<11>, execution::Fused, precision::QInt16MixedFloat32>(), "interpolate");
}

TEST_CASE("nearest pixels are those at i · step, exactly nearest those whose centre is next") {
    CHECK(resized<Interpolate<nearest, 1, 5>>() == std::vector<float>{0, 0, 1, 1, 2});
    CHECK(resized<Interpolate<nearest_exact, 1, 5>>() == std::vector<float>{4, 4, 8, 16, 16});
    CHECK(resized<InterpolateBy<nearest, 1, 0.5>>() == std::vector<float>{0, 4});
}

TEST_CASE("aligned corners stay where they are, others lie half a pixel outside") {
    CHECK(resized<Interpolate<bilinear, 2, 5, true>>() == std::vector<float>{0, .5, 1, 1.5, 2, 4, 6, 8, 12, 16});
    CHECK(resized<UpsamplingBilinear2d<1>>() == std::vector<float>{0, 1, 2, 4, 8, 16});
    CHECK(resized<InterpolateBy<bilinear, 1, 2>>() ==
          std::vector<float>{0, .25, .75, 1.25, 1.75, 2, 4, 5, 7, 10, 14, 16});
}

TEST_CASE("a factor's size is rounded down, its distance of pixels is not, and an axis that keeps its size is kept") {
    STATIC_REQUIRE(graph_of<Alone<InterpolateBy<bilinear, 1.3, 2.5>>>.output_shape() == Shape{1, 2, 7});
    CHECK(resized<InterpolateBy<bilinear, 1, 1.5>>() != resized<Interpolate<bilinear, 2, 4>>());
    CHECK(resized<InterpolateBy<bilinear, 1.3, 1.2>>() == std::vector<float>{0, 1, 2, 4, 8, 16});
}
