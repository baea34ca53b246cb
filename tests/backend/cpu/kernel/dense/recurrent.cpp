#include <taxon/layer/dense.hpp>

#include "one_kernel.hpp"

namespace {

using namespace taxon;
using one_kernel::Operand;

template <Cell C>
struct Recurrent {
    static constexpr std::array inputs{Port{"x", dense::numbers(3)},
                                       Port{"weights", dense::numbers(weights_of(C, 3, 2))},
                                       Port{"state", dense::numbers(states_of(C) * 2)}};
    static constexpr void trace(Tracer& tracer) {
        dense::recurrent(tracer, "cell", C, 1, 1, 3, 2, tracer.input("x"), tracer.input("weights"),
                         tracer.input("state"));
    }
};

/// With weights so small that errors grow slowly. Those of a step: of the sums before a gate, four roundings for the
/// root of their number, and what the state before brings; a sigmoid's slope is at most 1/4, and its error and that of
/// tanh are below 5e-7; a state of a cell c is below its first one plus one for each step.
template <Cell C>
void check(int steps, int samples, int inputs, int outputs, bool reverse) {
    const int gates = gates_of(C), rows = gates * outputs;
    const auto count = [](int a, int b) { return static_cast<std::size_t>(a) * static_cast<std::size_t>(b); };
    LoopNest nest{.rank = 4, .sizes = {steps, samples, inputs, outputs}, .cell = C, .reverse = reverse};
    const std::string seed = "cell " + std::to_string(outputs);
    std::vector<Operand> operands{
        {io::synthetic_input(seed, "x", count(steps * samples, inputs))},
        {io::synthetic_input(seed, "weights", static_cast<std::size_t>(weights_of(C, inputs, outputs)))},
        {io::synthetic_input(seed, "state", count(states_of(C), samples * outputs))}};
    std::vector<float>& weights = operands[1].numbers;
    for (std::size_t i = 0; i < weights.size(); ++i)
        weights[i] /= static_cast<float>(i < count(rows, inputs)             ? inputs
                                         : i < count(rows, inputs + outputs) ? outputs
                                                                             : 1);
    const auto expected =
        reference::recurrent(nest, one_kernel::value_of(operands[0].numbers), one_kernel::value_of(weights),
                             one_kernel::value_of(operands[2].numbers));
    constexpr bool peepholes = C == Cell::lstm_with_peepholes;  // below 1 times a cell
    double of_h = 0, of_c = 0;
    for (int step = 0; step < steps; ++step) {
        // the sums of magnitudes of a row are below 1 of inputs, 1 of states, and 2 of biases
        const double cell = 1. + step, roundings = 4 * 0x1p-24 * std::sqrt(inputs + outputs + 4.) * 4,
                     gate = (roundings + of_h + (peepholes ? of_c + 2 * 0x1p-24 * cell : 0)) / 4 + 5e-7,
                     proposal = roundings + of_h + 2 * gate + 5e-7;
        of_c += (cell + 1) * gate + proposal + 2 * 0x1p-24 * cell;
        of_h = states_of(C) == 2 ? gate + of_c + 5e-7 : C == Cell::tanh ? proposal : of_h + 2 * gate + proposal;
    }
    const double allowed = std::max(of_h, states_of(C) == 2 ? of_c : 0);
    REQUIRE(allowed < 1e-2);
    INFO(steps << " steps of " << samples << " samples, " << inputs << " inputs and " << outputs << " outputs");
    static const Candidate network = Candidate::of<Recurrent<C>>();
    const std::size_t scratch = count((steps + 1) * samples, rows) + count(samples, outputs) +
                                (samples > detail::most_samples_of_dots ? count(rows, outputs) : 0);
    one_kernel::check(network, {nest}, operands, {expected.begin(), expected.end()},
                      std::vector<double>(expected.size(), allowed), scratch);
}

template <Cell C>
void check_all() {
    for (const bool reverse : {false, true}) {
        check<C>(1, 1, 1, 1, reverse), check<C>(3, 1, 3, 16, reverse), check<C>(3, 3, 40, 33, reverse);
        check<C>(3, 5, 7, 20, reverse), check<C>(3, 2, 64, 64, reverse), check<C>(2, 9, 17, 5, reverse);
    }
}

}  // namespace

TEST_CASE("cells of recurrent networks of all sizes agree with Reference") {
    check_all<Cell::lstm>(), check_all<Cell::gru>(), check_all<Cell::gru_reset_after>(), check_all<Cell::tanh>();
    check_all<Cell::lstm_with_peepholes>();
}

TEST_CASE("the scratch memory of a recurrent layer is what its kernel takes") {
    const auto plan = Candidate::of<Recurrent<Cell::lstm>>().plan;
    CHECK(plan.slot(plan.steps.back().scratch).shape.channels == 2 * 8 + 2);
}
