#pragma once
#include <algorithm>
#include <chrono>
#include <memory>
#include <taxon/backend/cpu/kernel_table.hpp>
#include <taxon/backend/cpu/memory.hpp>
#include <taxon/backend/cpu/spmd_thread_pool.hpp>

namespace taxon::cpu {

/// First-level operands of a tile: the weights of two columns, and pixels.
struct PeakOperands {
    static constexpr int depth = 128, rows = 12;
    alignas(cache_line) std::byte weights[std::size_t{2} * depth * 64]{};
    alignas(cache_line) std::byte pixels[std::size_t{rows} * depth * 4]{};
};

/// A loop of products, and the operations of one round of it.
struct PeakProducts {
    float (*run)(const PeakOperands&, int rounds);
    double operations;
};

}  // namespace taxon::cpu

#define TAXON_ISA portable
#include <taxon/backend/cpu/kernel/peak.inl>
#undef TAXON_ISA

#if TAXON_COMPILES(avx2)
TAXON_REGION(avx2)
#define TAXON_ISA avx2
#include <taxon/backend/cpu/kernel/peak.inl>
#undef TAXON_ISA
TAXON_REGION_END
#endif

#if TAXON_COMPILES(avx_vnni)
TAXON_REGION(avx_vnni)
#define TAXON_ISA avx_vnni
#include <taxon/backend/cpu/kernel/peak.inl>
#undef TAXON_ISA
TAXON_REGION_END
#endif

#if TAXON_COMPILES(avx512)
TAXON_REGION(avx512)
#define TAXON_ISA avx512
#include <taxon/backend/cpu/kernel/peak.inl>
#undef TAXON_ISA
TAXON_REGION_END
#endif

#if TAXON_COMPILES(neon)
TAXON_REGION(neon)
#define TAXON_ISA neon
#include <taxon/backend/cpu/kernel/peak.inl>
#undef TAXON_ISA
TAXON_REGION_END
#endif

#if TAXON_COMPILES(dotprod)
TAXON_REGION(dotprod)
#define TAXON_ISA dotprod
#include <taxon/backend/cpu/kernel/peak.inl>
#undef TAXON_ISA
TAXON_REGION_END
#endif

#if TAXON_COMPILES(i8mm)
TAXON_REGION(i8mm)
#define TAXON_ISA i8mm
#include <taxon/backend/cpu/kernel/peak.inl>
#undef TAXON_ISA
TAXON_REGION_END
#endif

#if TAXON_COMPILES(amx)
TAXON_REGION(amx)
namespace taxon::cpu::amx {

/// Four tiles of sums from tiles alone.
template <Element E>
TAXON_NOINLINE float multiply_tiles(const PeakOperands& operands, int rounds) {
    static constexpr TileShapes shapes{16, 0};
    const TileSession session(shapes);
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    _tile_loadd(4, operands.weights, 64);
    _tile_loadd(5, operands.weights + 1024, 64);
    for (int round = 0; round < rounds; ++round) {
        if constexpr (E == Element::int8) {
            _tile_dpbusd(0, 4, 5);
            _tile_dpbusd(1, 4, 5);
            _tile_dpbusd(2, 4, 5);
            _tile_dpbusd(3, 4, 5);
        } else {
            _tile_dpbf16ps(0, 4, 5);
            _tile_dpbf16ps(1, 4, 5);
            _tile_dpbf16ps(2, 4, 5);
            _tile_dpbf16ps(3, 4, 5);
        }
    }
    alignas(64) float sums[256];
    _tile_stored(0, sums, 64);
    return sums[0];
}

inline PeakProducts peak_products(Element weights) {
    if (weights == Element::int8) return {&multiply_tiles<Element::int8>, 4. * 2 * 16 * 16 * 64};
    if (weights == Element::bfloat16) return {&multiply_tiles<Element::bfloat16>, 4. * 2 * 16 * 16 * 32};
    return avx512::peak_products(weights);
}

}  // namespace taxon::cpu::amx
TAXON_REGION_END
#endif

namespace taxon::cpu {
namespace detail {

using taxon::detail::size;

inline PeakProducts peak_products([[maybe_unused]] Isa isa, Element weights) {
#if TAXON_COMPILES(amx)
    if (isa == Isa::amx) return amx::peak_products(weights);
#endif
#if TAXON_COMPILES(avx512)
    if (isa == Isa::avx512) return avx512::peak_products(weights);
#endif
#if TAXON_COMPILES(avx_vnni)
    if (isa == Isa::avx_vnni) return avx_vnni::peak_products(weights);
#endif
#if TAXON_COMPILES(avx2)
    if (isa == Isa::avx2) return avx2::peak_products(weights);
#endif
#if TAXON_COMPILES(i8mm)
    if (isa == Isa::i8mm) return i8mm::peak_products(weights);
#endif
#if TAXON_COMPILES(dotprod)
    if (isa == Isa::dotprod) return dotprod::peak_products(weights);
#endif
#if TAXON_COMPILES(neon)
    if (isa == Isa::neon) return neon::peak_products(weights);
#endif
    return portable::peak_products(weights);
}

inline auto* read_all([[maybe_unused]] Isa isa) {
#if TAXON_COMPILES(avx512)
    if (isa == Isa::avx512 || isa == Isa::amx) return &avx512::read_all;
#endif
#if TAXON_COMPILES(avx2)
    if (based_on(isa) == Isa::avx2) return &avx2::read_all;
#endif
#if TAXON_COMPILES(neon)
    if (based_on(isa) == Isa::neon) return &neon::read_all;
#endif
    return &portable::read_all;
}

/// The most that threads do per second, all together, `work(thread)` doing `amount` on each of them.
template <class Work>
double best_rate(int threads, double amount, const Work& work) {
    using Clock = std::chrono::steady_clock;
    struct Trial {
        const Work* work;
        double seconds = 0;
        int threads = 1;
        std::atomic<int> met{0};

        /// Returns when all parts have come: each has a thread of its own, since none can end before.
        void meet(int parts) {
            const int all = (met.fetch_add(1) / parts + 1) * parts;
            while (met.load() < all) pause();
        }
    } trial{&work};
    const auto run = [&] {
        SpmdThreadPool::of_process().run(
            threads, {.part =
                          [](void* context, const Share& share) {
                              Trial& mine = *static_cast<Trial*>(context);
                              mine.meet(share.parts);
                              const auto start = Clock::now();
                              (*mine.work)(share.part);
                              mine.meet(share.parts);
                              if (share.part > 0) return;
                              mine.seconds = std::chrono::duration<double>(Clock::now() - start).count();
                              mine.threads = share.parts;
                          },
                      .context = &trial});
    };
    double best = 0;
    const auto start = Clock::now();
    const auto passed = [&] { return Clock::now() - start; };
    using std::chrono::milliseconds;
    for (int trials = 0; trials < 3 || passed() < milliseconds(20) || (trials < 50 && passed() < milliseconds(200));
         ++trials) {
        run();
        best = std::max(best, amount * trial.threads / trial.seconds);
    }
    return best;
}

}  // namespace detail

TAXON_DECL double measure_peak(Isa isa, Element weights, int threads) {
    const auto operands = std::make_unique<PeakOperands>();
    const auto [run, operations] = detail::peak_products(isa, weights);
    const int rounds = 1 + static_cast<int>(1e7 / operations);  // 0.1 to 1 ms: a scheduler's slice is longer
    std::vector<float> results(detail::size(threads));
    return detail::best_rate(threads, operations * rounds,
                             [&, loop = run](int thread) { results[detail::size(thread)] = loop(*operands, rounds); });
}

TAXON_DECL std::vector<Bandwidth> measure_bandwidths(Isa isa, int threads) {
    constexpr std::size_t most = std::size_t{128} << 20, group = 128;  // numbers of eight vectors
    const std::vector<float, CacheLineAllocator<float>> numbers(most / sizeof(float));
    const auto read = detail::read_all(isa);
    std::vector<float> results(detail::size(threads));
    std::vector<Bandwidth> bandwidths;
    for (std::size_t bytes = most >> 13; bytes <= most; bytes *= bytes < most / 8 ? 4 : 8) {
        const std::size_t share =
                              std::max<std::size_t>(bytes / sizeof(float) / detail::size(threads) / group, 1) * group,
                          rounds = std::max<std::size_t>(most / 32 / bytes, 1);
        const double rate =
            detail::best_rate(threads, static_cast<double>(share * sizeof(float) * rounds), [&](int thread) {
                float& sum = results[detail::size(thread)];
                for (std::size_t round = 0; round < rounds; ++round)
                    sum += read(numbers.data() + detail::size(thread) * share, share);
            });
        bandwidths.push_back({bytes, rate});
    }
    return bandwidths;
}

}  // namespace taxon::cpu
