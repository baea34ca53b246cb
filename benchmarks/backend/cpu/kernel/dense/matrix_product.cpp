// Products of dense matrices of the shapes that transformers and 3-D convolutions have, beside convolutions of the same
// sizes, which are compiled for their geometry.
#include <taxon/layer/linear.hpp>

#include "loops.hpp"

namespace {

using namespace taxon;
using benchmarks::Loops;

struct Product {
    static constexpr std::array inputs{Port{"a", dense::numbers(6)}, Port{"b", dense::numbers(12)}};
    static constexpr void trace(Tracer& tracer) {
        dense::matrix_product(tracer, "product", {2, 4, 3}, 1, {tracer.input("a"), {3, 0, 1}},
                              {tracer.input("b"), {0, 1, 4}});
    }
};

/// The same product as a convolution: rows are tokens.
template <int Rows, int Columns, int Depth>
struct Same {
    static constexpr Shape input = Shape::tokens(Depth, Rows);
    static constexpr void trace(Tracer& tracer) { Linear<Depth, Columns>::trace(tracer); }
};

/// a (rows, depth) times b: of `columns` in order, or (columns, depth) as weights and keys lie.
Loops product(const std::string& name, int batch, int rows, int columns, int depth, bool in_order) {
    LoopNest nest{.rank = 4, .inner = 1, .sizes = {batch, rows, columns, depth}, .first = 1, .operand_count = 2};
    nest.operands[0].by = {rows * depth, depth, 0, 1};
    nest.operands[1].by = {columns * depth, 0, in_order ? 1 : depth, in_order ? columns : 1};
    nest.out.by = {rows * columns, columns, 1};
    const auto size = [](int a, int b, int c) { return static_cast<std::size_t>(a) * detail::size(b * c); };
    return {name,
            {nest},
            {size(batch, rows, depth), size(batch, columns, depth)},
            size(batch, rows, columns),
            0,
            2. * batch * rows * columns * depth};
}

/// A 3-D convolution of 3x3x3, whose windows overlap in memory: planes first.
Loops windows(const std::string& name, int outputs, int inputs, int depth, int side) {
    const int row = side + 2, plane = row * row, volume = plane * (depth + 2), pixels = depth * side * side;
    LoopNest nest{.rank = 8, .inner = 4, .sizes = {outputs, depth, side, side, inputs, 3, 3, 3}, .first = 1};
    nest.operands[0].by = {inputs * 27, 0, 0, 0, 27, 9, 3, 1};
    nest.operands[1].by = {0, plane, row, 1, volume, plane, row, 1};
    nest.out.by = {pixels, side * side, side, 1};
    nest.operand_count = 2;
    return {name,
            {nest},
            {detail::size(outputs * inputs * 27), detail::size(inputs * volume)},
            detail::size(outputs * pixels),
            0,
            2. * outputs * pixels * inputs * 27};
}

template <int Rows, int Columns, int Depth>
void add_same(cpu::Isa isa) {
    const std::string size = std::to_string(Rows) + "x" + std::to_string(Columns) + "x" + std::to_string(Depth);
    benchmarks::add_steps(benchmarks::Network::of<Same<Rows, Columns, Depth>>("same/" + size), isa);
}

}  // namespace

int main(int argc, char** argv) {
    return benchmarks::run_program(argc, argv, [](cpu::Isa isa) {
        const auto network = benchmarks::Network::of<Product>("dense");
        const auto add = [&](const Loops& loops) { benchmarks::add_loops(network, loops, isa); };
        add(product("scores_vit_tiny/3x197x197x64", 3, 197, 197, 64, false));
        add(product("scores_minilm/12x128x128x32", 12, 128, 128, 32, false));
        add(product("scores_swin/16x49x49x32", 16, 49, 49, 32, false));
        add(product("mix_vit_tiny/3x197x64x197", 3, 197, 64, 197, true));
        add(product("mix_swin/16x49x32x49", 16, 49, 32, 49, true));
        add(product("weights_in_order/197x768x192", 1, 197, 768, 192, true));
        add(product("weights_by_outputs/197x768x192", 1, 197, 768, 192, false));
        add(product("lstm_inputs/64x512x128", 1, 64, 512, 128, false));
        add(product("vector/1x1000x2048_in_order", 1, 1, 1000, 2048, true));
        add(product("vector/1x1000x2048_by_outputs", 1, 1, 1000, 2048, false));
        add(product("square/256x256x256", 1, 256, 256, 256, true));
        add(windows("windows/32x16x27_of_2x28x28", 32, 16, 2, 28));
        add(windows("windows/64x64x27_of_1x14x14", 64, 64, 1, 14));
        add_same<197, 200, 64>(isa);
        add_same<49, 56, 32>(isa);
        add_same<197, 64, 197>(isa);
        add_same<49, 32, 49>(isa);
        add_same<197, 768, 192>(isa);
        add_same<64, 512, 128>(isa);
    });
}
