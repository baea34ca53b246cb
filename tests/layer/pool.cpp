#include <taxon/layer/pool.hpp>

#include <cmath>
#include <limits>
#include <taxon/backend/reference/interpreter.hpp>
#include <taxon/layer/batch_norm2d.hpp>
#include <taxon/layer/concat.hpp>
#include <taxon/layer/conv2d.hpp>
#include <taxon/layer/linear.hpp>

#include "backend/against_reference.hpp"
#include "backend/dice.hpp"

using namespace taxon;

namespace {

template <Shape Input, Layer... Layers>
struct On {
    static constexpr Shape input = Input;
    static constexpr void trace(Tracer& tracer) { Sequential<Layers...>::trace(tracer); }
};

/// A layer's output for 5 x 7 numbers, (11 i) mod 37, on the Reference backend.
template <class Pool>
void check_output(int height, int width, const std::vector<double>& expected) {
    using Network = On<Shape{1, 5, 7}, Pool>;
    constexpr GraphView graph = graph_of<Network>;
    CHECK(graph.output_shape() == Shape{1, height, width});
    std::vector<float> sample(35), found(expected.size());
    for (std::size_t i = 0; i < sample.size(); ++i) sample[i] = static_cast<float>(11 * i % 37);
    reference::Interpreter(graph, io::SyntheticWeights()).run(sample, found, 0);
    // PyTorch's were printed with six decimals
    for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(expected[i]).epsilon(1e-6));
}

constexpr int seed = 9;

struct Spec {
    int channels, height, width;
    Extent kernel = 1, stride = 1, dilation = 1;
    Padding around = 0;
    bool ceil_mode, counts_padding;
};

constexpr Spec spec(int number) {
    Dice dice(seed * 1000 + number);
    constexpr int sides[] = {3, 4, 5, 7, 8, 13, 14, 23};
    Spec s{};
    s.channels = dice(1, 90), s.height = dice.one_of(sides), s.width = dice.one_of(sides);
    int kernel = dice(1, 4);
    s.stride = dice(1, 4);
    const int padding = dice(0, kernel / 2);
    s.ceil_mode = dice(0, 2) > 0, s.counts_padding = dice(0, 1) == 1;
    if (kernel > 3 + 2 * padding) kernel = 3;
    s.kernel = kernel, s.around = padding;
    if (number >= 6) {
        s.kernel = {dice(1, 4), dice(1, 3)}, s.stride = {dice(1, 3), dice(1, 3)};
        s.around = {dice(0, s.kernel.height - 1), dice(0, s.kernel.width - 1), dice(0, s.kernel.height - 1),
                    dice(0, s.kernel.width - 1)};
        if (s.height > 4 && s.width > 4) s.dilation = {dice(1, 2), dice(1, 2)};
        else s.around = padding::same;
    }
    return s;
}

/// A pool alone, which reads the input; and one after a convolution whose value a window of 3x3 reads too, so that
/// there is a halo around it that the pool must not count.
template <int Number>
void check() {
    constexpr Spec s = spec(Number);
    constexpr Shape input{s.channels, s.height, s.width};
    using Greatest = MaxPool2d<s.kernel, s.stride, s.around, s.ceil_mode, s.dilation>;
    using Mean = AvgPool2d<s.kernel, s.stride, s.around, s.ceil_mode, s.counts_padding>;
    using Pool = std::conditional_t<Number % 2 == 0, Greatest, Mean>;
    const std::string name = "pool " + std::to_string(Number);
    check_against_reference(Candidate::of<On<input, Pool>>(), name);
    using Branches =
        Concat<Sequential<Conv2d<s.channels, 24, 3>, AvgPool2d<3, 1, 1>>, MaxPool2d<3, 1, 1>, Conv2d<s.channels, 7, 1>>;
    using Network = On<input, Conv2d<s.channels, s.channels, 1>, Branches, Pool,
                       std::conditional_t<Number % 3 == 0, AdaptiveMaxPool2d<2, 3>, AdaptiveAvgPool2d<2, 3>>,
                       Conv2d<31 + s.channels, 16, 1>, GlobalAveragePool, Linear<16, 5>>;
    check_against_reference(Candidate::of<Network>(), name);
    if constexpr (Number % 4 == 1) check_against_reference(Candidate::of<Network, execution::LayerByLayer>(), name);
}

template <int... Number>
void check_all(std::integer_sequence<int, Number...>) {
    (check<Number>(), ...);
}

}  // namespace

TEST_CASE("max pools give what PyTorch gave, ceil mode included") {
    check_output<MaxPool2d<3, 2, 1>>(3, 4, {14, 36, 36, 32, 20, 36, 36, 35, 23, 34, 30, 30});
    check_output<MaxPool2d<3, 2, 0, true>>(2, 3, {28, 36, 35, 34, 34, 35});
    check_output<MaxPool2d<2, 2, 0, true>>(3, 4, {14, 36, 21, 32, 20, 31, 27, 35, 23, 34, 30, 4});
    // a fourth column would start in the right padding
    check_output<MaxPool2d<2, 3, 1, true>>(2, 3, {0, 33, 29, 9, 31, 35});
}

TEST_CASE("average pools give what PyTorch gave, with padding counted or not") {
    check_output<AvgPool2d<3, 2, 1, true>>(3, 4,
                                           {3.111111, 15.666667, 13.888889, 11.111111, 7.666667, 19.777779, 17.111111,
                                            15.555555, 7.111111, 13.444445, 11.666667, 6.888889});
    check_output<AvgPool2d<3, 2, 1, true, false>>(
        3, 4, {7, 23.5, 20.833334, 25, 11.5, 19.777779, 17.111111, 23.333334, 16, 20.166666, 17.5, 15.5});
    check_output<AvgPool2d<2, 3, 1, true>>(2, 3, {0, 13.75, 11.75, 3.75, 16.5, 21.75});
    check_output<AvgPool2d<3, 3, 0, true>>(2, 3, {14, 18.222221, 32, 21.5, 17.5, 2.5});  // less is left than a window
    check_output<AvgPool2d<4, 3, 1, true>>(2, 3, {7.875, 14.9375, 13.25, 11.25, 14.8125, 10.083333});
}

TEST_CASE("adaptive pools give what PyTorch gave, to more pixels as well") {
    check_output<AdaptiveAvgPool2d<2, 3>>(2, 3, {14, 19.555555, 21, 20, 17.333334, 18.777777});
    check_output<AdaptiveAvgPool2d<7, 4>>(7, 4, {5.5,       22,   19.333334, 23.5,      7,         23.5,  20.833334,
                                                 25,        10,   20.333334, 17.666666, 28,        11.5,  15.666667,
                                                 13,        29.5, 13,        17.166666, 14.5,      21.75, 16,
                                                 20.166666, 17.5, 15.5,      17.5,      21.666666, 19,    17});
    check_output<GlobalAveragePool>(1, 1, {17.857143});
}

TEST_CASE("pools of random shapes agree with Reference, in slices of a concatenation as well") {
    check_all(std::make_integer_sequence<int, 12>{});
}

TEST_CASE("R2: a max pool passes no NaN over, wherever in the window it is") {
    using Network = On<Shape{16, 3, 3}, MaxPool2d<3>>;
    const Candidate c = Candidate::of<Network>();
    const io::SyntheticWeights weights;
    const auto packed = cpu::pack(c.graph, c.plan, Parameters(c.graph, weights));
    for (std::size_t place = 0; place < 9; ++place) {
        auto sample = input_of(c.graph, "pool", 16 * 9);
        sample[5 * 9 + place] = std::numeric_limits<float>::quiet_NaN();
        std::vector<float> expected(16);
        reference::Interpreter(c.graph, weights).run(sample, expected, 3);
        CHECK(std::isnan(expected[5]));
        CHECK(std::isfinite(expected[4]));
        for (const auto isa : instruction_sets()) {
            const auto found = run_in_parts(c, packed, c.kernel_table(isa), sample, 3, 1);
            for (std::size_t i = 0; i < 16; ++i) CHECK((std::isnan(found[i]) ? i == 5 : found[i] == expected[i]));
        }
    }
}
