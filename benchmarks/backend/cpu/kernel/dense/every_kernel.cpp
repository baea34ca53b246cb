// Kernels of dense values over the loops of known networks: Swin-T and ViT (224 pixels), YOLOv8 (640), MobileNetV2.
// Beside GB/s, the time as a percentage of that of std::memcpy of half the bytes (which are read and written).
#include <taxon/graph/collapsed_nest.hpp>

#include "program.hpp"
#include "steps.hpp"

namespace {

using namespace taxon;

#if TAXON_COMPILES(avx2)
#define IF_AVX2(...) __VA_ARGS__
#else
#define IF_AVX2(...)
#endif
#if TAXON_COMPILES(avx512)
#define IF_AVX512(...) __VA_ARGS__
#else
#define IF_AVX512(...)
#endif
/// The kernel of an instruction set.
#define KERNEL(...)                                                                                                    \
    [](cpu::Isa isa) -> cpu::KernelCall {                                                                              \
        IF_AVX512(if (isa >= cpu::Isa::avx512) return &cpu::avx512::__VA_ARGS__;)                                      \
        IF_AVX2(if (isa == cpu::Isa::avx2) return &cpu::avx2::__VA_ARGS__;)                                            \
        static_cast<void>(isa);                                                                                        \
        return &cpu::portable::__VA_ARGS__;                                                                            \
    }
#define MAP(function) KERNEL(map<MapFunction::function, Activation::none>)

struct Work {
    const char* name;
    cpu::KernelCall (*kernel)(cpu::Isa);
    LoopNest nest;
    double numbers;  ///< read and written
    Activation activation{};
};

LoopNest loops(std::initializer_list<int> sizes, std::initializer_list<std::initializer_list<int>> operands,
               int inner = 0, std::initializer_list<int> out = {}) {
    LoopNest nest{.rank = static_cast<int>(sizes.size()), .inner = inner};
    std::copy(sizes.begin(), sizes.end(), nest.sizes.begin());
    std::size_t k = 0;
    for (const auto by : operands) std::copy(by.begin(), by.end(), nest.operands[k++].by.begin());
    if (out.size() > 0) std::copy(out.begin(), out.end(), nest.out.by.begin());
    for (int i = nest.rank - inner, stride = 1; i-- > 0 && out.size() == 0; stride *= nest.sizes[detail::size(i)])
        nest.out.by[detail::size(i)] = stride;
    nest.operand_count = static_cast<int>(operands.size()), nest.result_count = nest.outer_count();
    return nest;
}

void run(benchmark::State& state, const Work& work, cpu::Isa isa) {
    constexpr std::size_t room = 1 << 22;
    const auto a = benchmarks::numbers(room), b = benchmarks::numbers(room), c = benchmarks::numbers(room);
    benchmarks::Floats out(room), scratch(1 << 17);
    const LoopNest nest = collapsed(work.nest);
    const auto bytes = [](const auto& numbers) { return reinterpret_cast<const std::byte*>(numbers.data()); };
    const cpu::Operands operands{.in = bytes(a),
                                 .weights = nullptr,
                                 .bias = nullptr,
                                 .operand = bytes(b),
                                 .out = reinterpret_cast<std::byte*>(out.data()),
                                 .sums = nullptr,
                                 .scratch = scratch.data(),
                                 .third = bytes(c),
                                 .nest = &nest};
    const Geometry geometry{.activation = work.activation};
    const auto call = work.kernel(isa);
    benchmarks::Stopwatch watch, copying;
    for (auto _ : state) {
        watch.time([&] { call(geometry, operands); });
        copying.time([&] { std::memcpy(out.data(), a.data(), static_cast<std::size_t>(2 * work.numbers)); });
    }
    benchmarks::report(state, watch.least(), 0, 4 * work.numbers, isa);
    state.counters["memcpy_%"] = copying.least() / watch.least() * 100;
}

constexpr double pixels = 56 * 56, boxes = 8400, tokens = 197;

LoopNest best_of(int count, int limit) {
    LoopNest nest = loops({count}, {{1}}, 1);
    nest.limit = limit, nest.last = true;
    return nest;
}

const Work works[] = {
    // movement
    {"move/in_order_3136x96", MAP(copy), loops({3136, 96}, {{96, 1}}), 2 * pixels * 96},
    {"move/swin_pixels_first_96x3136", MAP(copy), loops({3136, 96}, {{1, 3136}}), 2 * pixels * 96},
    {"move/swin_windows_8x7x8x7x96", MAP(copy), loops({8, 8, 7, 7, 96}, {{37632, 672, 5376, 96, 1}}), 2 * pixels * 96},
    {"move/vit_heads_197x3x64", MAP(copy), loops({3, 197, 64}, {{64, 576, 1}}), 2 * tokens * 192},
    {"move/vit_keys_64x197", MAP(copy), loops({3, 64, 197}, {{64, 1, 576}}), 2 * tokens * 192},
    {"move/yolo_boxes_first_84x8400", MAP(copy), loops({8400, 84}, {{1, 8400}}), 2 * boxes * 84},
    {"move/yolo_anchors_3x85x80x80", MAP(copy), loops({3, 80, 80, 85}, {{544000, 80, 1, 6400}}), 6. * 6400 * 85},
    {"move/picture_3x224x224", MAP(copy), loops({50176, 3}, {{1, 50176}}), 6. * 50176},
    {"move/flow_channels_3x224x224", MAP(copy), loops({3, 50176}, {{1, 3}}), 6. * 50176},
    {"move/focus_12x112x112", MAP(copy), loops({3, 112, 112}, {{50176, 448, 2}}), 6. * 12544},
    // maps
    {"map/add_bias_3136x96", MAP(add), loops({3136, 96}, {{96, 1}, {0, 1}}), 2 * pixels * 96},
    {"map/add_197x192", MAP(add), loops({197, 192}, {{192, 1}, {192, 1}}), 3 * tokens * 192},
    {"map/gate_64x56x56", MAP(multiply), loops({64, 3136}, {{3136, 1}, {1, 0}}), 2 * pixels * 64},
    {"map/add_transposed_3136x96", MAP(add), loops({3136, 96}, {{96, 1}, {1, 3136}}), 3 * pixels * 96},
    {"map/boxes_8400x2_of_4", MAP(add), loops({8400, 2}, {{4, 1}, {2, 1}}), 3 * boxes * 2},
    {"map/where_197x197", MAP(where), loops({3, 197, 197}, {{0, 197, 1}, {38809, 197, 1}, {0, 0, 0}}),
     9 * tokens* tokens},
    {"map/gelu_3136x384", KERNEL(map<MapFunction::activation, Activation::gelu>), loops({3136, 384}, {{384, 1}}),
     2 * pixels * 384, Activation::gelu},
    {"map/erf_197x768", MAP(error_function), loops({197, 768}, {{768, 1}}), 2 * tokens * 768},
    {"map/exp_197x768", MAP(exponential), loops({197, 768}, {{768, 1}}), 2 * tokens * 768},
    {"map/power_197x192", MAP(power), loops({197, 192}, {{192, 1}, {0, 0}}), 2 * tokens * 192},
    // reductions
    {"reduce/mean_2048x7x7", KERNEL(reduce<Reduction::mean>), loops({2048, 49}, {{49, 1}}, 1), 2048. * 49},
    {"reduce/mean_1280x49_channels_last", KERNEL(reduce<Reduction::mean>), loops({1280, 49}, {{1, 1280}}, 1),
     1280. * 49},
    {"reduce/mean_3136x96", KERNEL(reduce<Reduction::mean>), loops({3136, 96}, {{96, 1}}, 1), pixels * 96},
    {"reduce/max_8400x80", KERNEL(reduce<Reduction::maximum>), loops({8400, 80}, {{80, 1}}, 1), boxes * 80},
    {"reduce/max_80x8400", KERNEL(reduce<Reduction::maximum>), loops({8400, 80}, {{1, 8400}}, 1), boxes * 80},
    {"reduce/argmax_21x65536", KERNEL(reduce<Reduction::argument_of_maximum>), loops({65536, 21}, {{1, 65536}}, 1),
     65536. * 21},
    {"reduce/argmax_8400x80", KERNEL(reduce<Reduction::argument_of_maximum>), loops({8400, 80}, {{80, 1}}, 1),
     boxes * 80},
    // rows
    {"row/softmax_vit_591x197", KERNEL(row<RowFunction::softmax>), loops({591, 197}, {{197, 1}}, 1, {197, 1}),
     6 * tokens* tokens},
    {"row/softmax_swin_9408x49", KERNEL(row<RowFunction::softmax>), loops({9408, 49}, {{49, 1}}, 1, {49, 1}),
     2. * 9408 * 49},
    {"row/softmax_boxes_4x16x8400", KERNEL(row<RowFunction::softmax>),
     loops({4, 8400, 16}, {{134400, 1, 8400}}, 1, {134400, 1, 8400}), 8 * boxes * 16},
    {"row/standardise_3136x96", KERNEL(row<RowFunction::standardise>), loops({3136, 96}, {{96, 1}}, 1, {96, 1}),
     2 * pixels * 96},
    {"row/standardise_96x3136", KERNEL(row<RowFunction::standardise>), loops({3136, 96}, {{1, 3136}}, 1, {1, 3136}),
     2 * pixels * 96},
    {"sort/300_of_8400", KERNEL(sort), best_of(8400, 300), boxes},
};

}  // namespace

int main(int argc, char** argv) {
    return benchmarks::run_program(argc, argv, [](cpu::Isa isa) {
        for (const Work& work : works) benchmark::RegisterBenchmark(work.name, run, work, isa);
    });
}
