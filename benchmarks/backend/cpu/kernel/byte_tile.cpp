// Products of bytes with AVX2, from L1: a tile of eleven pixels by eight outputs whose groups are all pairs, all single
// ones, all to be widened, or all split beforehand for a panel of 64 outputs.
#include <benchmark/benchmark.h>

#include <taxon/backend/cpu/kernel_table.hpp>

#include "../../../stopwatch.hpp"

#if TAXON_COMPILES(avx2)
namespace {

using namespace taxon;

constexpr int rows = 11, groups = 64, panel = 64;
enum Kind { pairs, singles, widened, split };

void run(benchmark::State& state, Kind kind) {
    using D = cpu::avx2::Dot<Element::int8>;
    alignas(64) static std::uint8_t pixels[rows * groups * 4 + 64];
    alignas(64) static std::int8_t weights[groups * 4 * panel];
    alignas(32) cpu::avx2::ByteSums<rows> sums;
    std::int32_t inputs[groups];
    for (int i = 0; i < groups; ++i) inputs[i] = 4 * i;
    const cpu::avx2::ByteOrder order{kind == pairs ? groups / 2 : 0, kind == singles ? groups : 0, groups, inputs,
                                     weights};
    cpu::avx2::TileRun call{};
    call.in_pitch = groups * 4, call.weights = reinterpret_cast<const std::byte*>(weights), call.order = &order;
    call.reach = {1, 1, groups * 4, 0, 0, panel};
    call.vectors = 0xFF;
    benchmarks::Stopwatch watch;
    for (auto _ : state) {
        watch.time(
            [&] {
                for (int i = 0; i < 16; ++i)
                    if (kind == split) cpu::avx2::multiply_split<D, rows>(sums, pixels, call);
                    else cpu::avx2::multiply_in_order<D, rows>(sums, pixels, call);
            },
            16);
        benchmark::DoNotOptimize(sums);
    }
    state.counters["GOP/s"] = 2. * rows * groups * 4 * (kind == split ? panel : 8) / watch.least() / 1e9;
}

const bool added = [] {
    constexpr const char* names[] = {"pairs", "singles", "widened", "split"};
    if (cpu::supported(cpu::Isa::avx2))
        for (const Kind kind : {pairs, singles, widened, split})
            benchmark::RegisterBenchmark(names[kind], run, kind)->MinTime(.2);
    return true;
}();

}  // namespace
#endif
