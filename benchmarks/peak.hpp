#pragma once
#include <algorithm>
#include <chrono>
#include <limits>
#include <taxon/backend/cpu/kernel_table.hpp>

namespace taxon::benchmarks {

// Twelve independent accumulators: two FMAs per cycle with a latency of four need at least eight. None starts at 1,
// where it would stay: Clang detects that.
#define TAXON_PEAK_LOOP(isa)                                                                                           \
    TAXON_NOINLINE inline float multiply_and_add_##isa(int rounds) {                                                   \
        using V = cpu::isa::Wide;                                                                                      \
        typename V::type sums[12];                                                                                     \
        TAXON_UNROLL for (int i = 0; i < 12; ++i) sums[i] = V::set(static_cast<float>(i + 2));                         \
        const auto factor = V::set(.999f), term = V::set(.001f);                                                       \
        for (int round = 0; round < rounds; ++round)                                                                   \
            TAXON_UNROLL for (int i = 0; i < 12; ++i) sums[i] = V::fma(sums[i], factor, term);                         \
        TAXON_UNROLL for (int i = 1; i < 12; ++i) sums[0] = sums[0] + sums[i];                                         \
        float lanes[V::lanes];                                                                                         \
        V::store(lanes, sums[0]);                                                                                      \
        return lanes[0];                                                                                               \
    }

TAXON_PEAK_LOOP(portable)
#if TAXON_COMPILES(avx2)
TAXON_REGION(avx2)
TAXON_PEAK_LOOP(avx2)
TAXON_REGION_END
#endif
#if TAXON_COMPILES(avx512)
TAXON_REGION(avx512)
TAXON_PEAK_LOOP(avx512)
TAXON_REGION_END
#endif
#if TAXON_COMPILES(neon)
TAXON_REGION(neon)
TAXON_PEAK_LOOP(neon)
TAXON_REGION_END
#endif
#undef TAXON_PEAK_LOOP

/// Peak operations per second of one core with everything in registers, a multiplication and an addition counting as
/// two: the best of many short loops, because others may use the machine.
inline double measure_peak(cpu::Isa isa) {
    constexpr int rounds = 50'000;
    const auto [loop, lanes] = [&]() -> std::pair<float (*)(int), int> {
#if TAXON_COMPILES(avx512)
        if (isa == cpu::Isa::avx512) return {multiply_and_add_avx512, cpu::avx512::Wide::lanes};
#endif
#if TAXON_COMPILES(avx2)
        if (isa == cpu::Isa::avx2) return {multiply_and_add_avx2, cpu::avx2::Wide::lanes};
#endif
#if TAXON_COMPILES(neon)
        if (isa == cpu::Isa::neon) return {multiply_and_add_neon, cpu::neon::Wide::lanes};
#endif
        return {multiply_and_add_portable, cpu::portable::Wide::lanes};
    }();
    double least = std::numeric_limits<double>::max();
    volatile float kept = 0;
    for (int i = 0; i < 200; ++i) {
        const auto start = std::chrono::steady_clock::now();
        kept = loop(rounds);
        least = std::min(least, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    static_cast<void>(kept);
    return 2. * 12 * lanes * rounds / least;
}

/// The same, measured once per program.
inline double peak(cpu::Isa isa) {
    static const std::array<double, cpu::isa_names.size()> peaks = [] {
        std::array<double, cpu::isa_names.size()> all{};
        for (const auto set : cpu::all_isas)
            if (cpu::supported(set)) all[static_cast<std::size_t>(set)] = measure_peak(set);
        return all;
    }();
    return peaks[static_cast<std::size_t>(isa)];
}

}  // namespace taxon::benchmarks
