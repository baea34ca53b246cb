// Recurrent layers of one sample and of eight.
#include "loops.hpp"

namespace {

using namespace taxon;

template <Cell C>
struct Layer {
    static constexpr std::array inputs{Port{"x", dense::numbers(3)}, Port{"weights", dense::numbers(gates_of(C) * 14)},
                                       Port{"state", dense::numbers(C == Cell::lstm ? 4 : 2)}};
    static constexpr void trace(Tracer& tracer) {
        dense::recurrent(tracer, "cell", C, 1, 1, 3, 2, tracer.input("x"), tracer.input("weights"),
                         tracer.input("state"));
    }
};

template <Cell C>
void add(const std::string& name, int steps, int samples, int inputs, int outputs, cpu::Isa isa) {
    LoopNest nest{.rank = 4, .sizes = {steps, samples, inputs, outputs}, .cell = C};
    const int rows = gates_of(C) * outputs, states = C == Cell::lstm ? 2 : 1;
    const auto size = [](int a, int b) { return detail::size(a) * detail::size(b); };
    benchmarks::add_loops(
        benchmarks::Network::of<Layer<C>>("dense"),
        {name,
         {nest},
         {size(steps * samples, inputs), size(rows, inputs + outputs + 2), size(states, samples * outputs)},
         size(steps + states, samples * outputs),
         size((steps + 1) * samples, rows) + size(outputs, samples + rows),
         2. * steps * samples * rows * (inputs + outputs)},
        isa);
}

}  // namespace

int main(int argc, char** argv) {
    return benchmarks::run_program(argc, argv, [](cpu::Isa isa) {
        add<Cell::lstm>("lstm/64x1_128->128", 64, 1, 128, 128, isa);
        add<Cell::lstm>("lstm/64x8_128->128", 64, 8, 128, 128, isa);
        add<Cell::lstm>("lstm/32x1_256->256", 32, 1, 256, 256, isa);
        add<Cell::gru>("gru/64x1_128->128", 64, 1, 128, 128, isa);
        add<Cell::gru_reset_after>("gru_reset_after/64x1_128->128", 64, 1, 128, 128, isa);
    });
}
