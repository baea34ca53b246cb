// 3x3 convolutions of stride 1, by Winograd and directly: the choice that plan/winograd.hpp makes. Percentages are of
// the processor's peak for the direct algorithm, so Winograd's may exceed 100. `warm` weights may stay in L3, `cold`
// ones come from memory.
#include <benchmark/benchmark.h>

#include <taxon/backend/cpu/pack.hpp>
#include <taxon/plan/winograd.hpp>

#include "../../../peak.hpp"

namespace {

using namespace taxon;

/// The geometry that the planner would make for a single layer.
constexpr Geometry geometry(Kernel kernel, int in, int out, int side) {
    Geometry g{.kernel = kernel, .activation = Activation::relu};
    g.window.y = g.window.x = {.size = 3, .before = 1, .after = 1};
    g.in = {{in, side, side}, in % 1024 == 0 ? in + 16 : in, {1, 1}};
    g.out = g.operand = {{out, side, side}, out % 1024 == 0 ? out + 16 : out};
    g.panel = kernel == Kernel::winograd ? detail::Winograd::panel : detail::panel_width(out);
    g.depth = kernel == Kernel::winograd
                  ? detail::Winograd::products * in
                  : detail::run_count(g.in, g.window) * detail::run_length(g.in, g.window, g.weights);
    return g;
}

using Floats = std::vector<float, cpu::CacheLineAllocator<float>>;

Floats numbers(int count) {
    Floats values(detail::size(count));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 61) / 61 - .49f;
    return values;
}

template <Geometry G>
void run(benchmark::State& state, cpu::Isa isa, bool cold) {
    cpu::KernelCall call = cpu::portable::kernel_of<G>();
#if TAXON_COMPILES(avx2)
    if (isa == cpu::Isa::avx2) call = cpu::avx2::kernel_of<G>();
#endif
#if TAXON_COMPILES(avx512)
    if (isa == cpu::Isa::avx512) call = cpu::avx512::kernel_of<G>();
#endif
    constexpr Buffer in{.view = G.in}, out{.view = G.out};
    constexpr std::size_t size = detail::size(round_up(G.out.shape.channels, 8) * G.depth),
                          memory = std::size_t{1} << 26;
    const std::size_t copies = cold ? memory / size + 1 : 1;
    auto source = numbers(in.elements()), target = numbers(out.elements()),
         biases = numbers(round_up(G.out.shape.channels, 32));
    auto scratch = numbers(detail::winograd(G.in.shape).scratch_size()),
         weights = numbers(static_cast<int>(size * copies));
    const auto bytes = [](Floats& floats, int at) { return reinterpret_cast<std::byte*>(floats.data() + at); };
    cpu::Operands operands{.in = bytes(source, in.origin()),
                           .weights = nullptr,
                           .bias = biases.data(),
                           .operand = bytes(target, 0),
                           .out = bytes(target, 0),
                           .sums = nullptr,
                           .scratch = scratch.data()};
    std::size_t copy = 0;
    double least = 1e9;
    for (auto _ : state) {
        operands.weights = bytes(weights, static_cast<int>(size * (copy++ % copies)));
        const auto start = std::chrono::steady_clock::now();
        call(G, operands);
        least = std::min(least, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    const double flops = 2. * 9 * G.in.shape.size() * G.out.shape.channels;
    state.counters["GFLOP/s"] = flops / least / 1e9;
    state.counters["peak_%"] = flops / least / benchmarks::peak(isa) * 100;
    state.counters["least_us"] = least * 1e6;
}

template <int In, int Out, int Side>
void add() {
    for (const auto isa : {cpu::Isa::avx2, cpu::Isa::avx512})
        for (const bool cold : {false, true}) {
            if (!cpu::supported(isa)) continue;
            const std::string side = std::to_string(Side), set(name_of(isa));
            const std::string layer = std::to_string(In) + "x" + side + "x" + side + "->" + std::to_string(Out) + "/" +
                                      set + (cold ? "/cold" : "/warm");
            benchmark::RegisterBenchmark(("winograd/" + layer).c_str(), run<geometry(Kernel::winograd, In, Out, Side)>,
                                         isa, cold);
            benchmark::RegisterBenchmark(("direct/" + layer).c_str(), run<geometry(Kernel::convolution, In, Out, Side)>,
                                         isa, cold);
        }
}

const bool added = [] {
    add<64, 64, 56>(), add<128, 128, 28>(), add<256, 256, 14>(), add<512, 512, 7>();  // ResNet-50
    add<128, 256, 52>(), add<256, 512, 26>(), add<512, 1024, 13>();                   // YOLOv3 at 416
    add<16, 16, 56>(), add<32, 32, 80>(), add<64, 192, 56>();                         // YOLOv5, GoogLeNet
    add<96, 128, 28>(), add<112, 224, 14>(), add<160, 320, 7>();
    add<16, 16, 7>(), add<64, 64, 7>(), add<128, 128, 7>(), add<16, 32, 14>();  // where the choice is close
    add<256, 256, 8>(), add<512, 512, 8>(), add<256, 256, 10>();
    return true;
}();

}  // namespace
