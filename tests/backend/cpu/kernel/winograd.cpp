#include <taxon/plan/winograd.hpp>

#include <cmath>

#include "backend/against_reference.hpp"
#include "backend/dice.hpp"
#include "catch.hpp"

#include <taxon/backend/reference/reference.hpp>
#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/concat.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/residual.hpp>

using namespace taxon;

namespace {

constexpr int seed = 4;

struct Spec {
    int in, out, height, width;
    bool bias, norm;
    Activation first, last;
};

/// Channels are rarely multiples of 8, maps rarely of 4: tiles hang over both edges.
constexpr Spec spec(int number) {
    Dice dice(seed * 1000 + number);
    constexpr int sides[] = {7, 8, 9, 10, 11, 13, 14, 19, 26, 27};
    Spec s{};
    s.in = dice(16, 80), s.out = dice(16, 80);
    s.height = dice.one_of(sides), s.width = dice.one_of(sides);
    if (s.height * s.width < 64) s.width += 3;
    s.bias = dice(0, 1) == 1, s.norm = dice(0, 1) == 1;
    s.first = dice.activation(), s.last = dice.activation();
    return s;
}

/// A convolution, and one whose sum takes up a shortcut, with an activation before or after.
template <int Number>
struct Network {
    static constexpr Spec s = spec(Number);
    static constexpr Shape input{s.in, s.height, s.width};
    using Body = std::conditional_t<Number % 2 == 0, Sequential<Conv2d<s.out, s.out, 3>, Activate<s.first>>,
                                    Conv2d<s.out, s.out, 3>>;
    using First = Sequential<Conv2d<s.in, s.out, 3, 1, 1, s.bias>, If<s.norm, BatchNorm2d<s.out>>, Activate<s.first>>;
    using Layers = Sequential<First, Residual<Body>, Activate<s.last>>;
    static constexpr void trace(Tracer& tracer) { Layers::trace(tracer); }
};

/// Slices of a concatenation as outputs, and a slice as an input whose neighbours are somebody else's; Out is not a
/// multiple of 8 at last.
struct Slices {
    static constexpr Shape input{24, 9, 13};
    static constexpr void trace(Tracer& tracer) {
        using Branches =
            Concat<Conv2d<24, 40, 3>, Sequential<Conv2d<24, 24, 1>, ReLU, Conv2d<24, 32, 3>>, Conv2d<24, 20, 3>>;
        Sequential<Branches, Conv2d<92, 17, 3>>::trace(tracer);
    }
};

template <int In, int Out, int Height, int Width>
struct Alone {
    static constexpr Shape input{In, Height, Width};
    static constexpr void trace(Tracer& tracer) { Sequential<Conv2d<In, Out, 3>>::trace(tracer); }
};

template <class A>
constexpr int count_winograd = [] {
    int count = 0;
    for (const Step& step : plan_of<A>.steps) count += step.geometry.kernel == Kernel::winograd;
    return count;
}();

template <class A>
void check(const std::string& what, bool layer_by_layer = true) {
    check_against_reference(Candidate::of<A>(), what);
    if (layer_by_layer) check_against_reference(Candidate::of<A, execution::LayerByLayer>(), what);
}

template <int... Number>
void check_all(std::integer_sequence<int, Number...>) {
    static_assert(((count_winograd<Network<Number>> == 2) && ...));
    (check<Network<Number>>("winograd " + std::to_string(Number), Number % 3 == 0), ...);
}

}  // namespace

TEST_CASE("Winograd's convolution against Reference", "[winograd]") {
    check_all(std::make_integer_sequence<int, 10>());
}

TEST_CASE("Winograd's convolution in slices of a concatenation", "[winograd]") {
    static_assert(count_winograd<Slices> == 4);
    check<Slices>("winograd slices");
}

TEST_CASE("Winograd's convolution in blocks, over wide maps and deep ones", "[winograd]") {
    static_assert(detail::winograd({32, 61, 50}).blocks > 1 && detail::winograd({520, 13, 10}).block >= 12);
    check<Alone<32, 48, 61, 50>>("winograd blocks", false);
    check<Alone<520, 24, 13, 10>>("winograd depth", false);
    check<Alone<1024, 16, 8, 8>>("winograd pages", false);
}

// A simulation of 256 channels with independent roundings gives errors of 1.3e-6 of the outputs' deviation, and at most
// 7.7e-6 among 8000 outputs (5.9 deviations); a direct sum 6e-7 and 4e-6. Twice as much is the limit; with the points
// 0, ±1, ±2 and ∞, 2.8e-5 would exceed it.
TEST_CASE("Winograd's rounding errors are about twice those of a direct sum", "[winograd]") {
    using A = Alone<256, 32, 14, 14>;
    const Candidate c = Candidate::of<A>();
    const io::SyntheticWeights weights("winograd rounding");
    auto sample = io::synthetic_input("winograd rounding", "input", static_cast<std::size_t>(A::input.size()));
    for (float& x : sample) x = std::max(x, 0.f);
    std::vector<float> expected(static_cast<std::size_t>(c.graph.output_shape().size()));
    reference::Interpreter(c.graph, weights).run(sample, expected, A::input.width);
    const auto packed = cpu::pack(c.graph, c.plan, Parameters(c.graph, weights));
    for (const auto isa : instruction_sets()) {
        const auto found = run_in_parts(c, packed, c.kernel_table(isa), sample, A::input.width, 1);
        double squares = 0, errors = 0, most = 0;
        for (std::size_t i = 0; i < found.size(); ++i) {
            const double error = static_cast<double>(found[i]) - expected[i];
            squares += static_cast<double>(expected[i]) * expected[i], errors += error * error,
                most = std::max(most, std::abs(error));
        }
        const double deviation = std::sqrt(squares / static_cast<double>(found.size()));
        INFO(cpu::name_of(isa));
        CHECK(std::sqrt(errors / squares) < 2 * 1.3e-6);
        CHECK(most / deviation < 2 * 7.7e-6);
    }
}

TEST_CASE("Small maps, few channels and other windows are convolved directly", "[winograd]") {
    STATIC_REQUIRE(count_winograd<Alone<64, 64, 7, 7>> == 0);
    STATIC_REQUIRE(count_winograd<Alone<64, 64, 6, 60>> == 0);
    STATIC_REQUIRE(count_winograd<Alone<8, 64, 28, 28>> == 0);
    STATIC_REQUIRE(count_winograd<Alone<64, 12, 28, 28>> == 0);
    STATIC_REQUIRE(count_winograd<Alone<16, 16, 8, 8>> == 1);
}
