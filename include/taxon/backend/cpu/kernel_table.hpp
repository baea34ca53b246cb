#pragma once
#include <array>
#include <cstring>
#include <span>
#include <taxon/backend/cpu/isa.hpp>
#include <taxon/number/number.hpp>
#include <taxon/backend/cpu/region.hpp>
#include <taxon/backend/cpu/strip.hpp>
#include <taxon/graph/collapsed_nest.hpp>
#include <taxon/graph/pool_range.hpp>
#include <taxon/plan/byte_order.hpp>
#include <taxon/plan/packed_layout.hpp>
#include <taxon/plan/phase.hpp>
#include <taxon/plan/rows.hpp>
#include <utility>
#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace taxon::cpu {

using taxon::detail::Phase;

/// Operands of a kernel call: pixel (0, 0) of each; packed weights; quantization parameters; the number of tokens; and
/// this call's part of the work: parts 0 … parts − 1 run concurrently, and no number may depend on how many there are.
struct Operands {
    const std::byte *in, *weights;
    const float* bias;
    const std::byte* operand;
    std::byte* out;
    float *sums, *scratch;
    QuantizationParameters in_quantization{}, operand_quantization{}, out_quantization{};  ///< of in, operand, out
    int length = 0;
    int part = 0, parts = 1;
    const std::byte *third = nullptr, *fourth = nullptr;  ///< of a dense operation, like its loops
    const LoopNest* nest = nullptr;                       ///< collapsed unless its axes have meanings of their own
    int valid = 0;                                        ///< tokens that attention and means cover: the first so many
    /// computed at once by kernels that take several, and bytes from one to the next; then there is one part
    int samples = 1;
    std::ptrdiff_t in_step = 0, operand_step = 0, out_step = 0;
    bool by_strips = false;  ///< the order of packed floats: see Packed
    RowRange rows{};  ///< of a picture that are computed, for a StepChain; then there is one part. None: this part's

    struct Range {
        int first, last;
    };
    /// This part's share of `units` of work, which may be empty.
    constexpr Range share(int units) const { return {units * part / parts, units * (part + 1) / parts}; }

    /// True if the rows are given, or parts share those of a convolution or a pool.
    constexpr bool by_rows(const Geometry& g) const { return rows.count() > 0 || taxon::detail::shares_rows(g, parts); }
    constexpr Range rows_of(const Geometry& g) const {
        return rows.count() > 0 ? Range{rows.first, rows.last} : share(g.out.shape.height);
    }

    /// Of one of several samples.
    constexpr Operands of_sample(int number) const {
        Operands own = *this;
        own.in += number * in_step, own.operand += number * operand_step, own.out += number * out_step;
        own.samples = 1;
        return own;
    }

    /// Kernels take the types from their geometry.
    template <Element E>
    const Number<E>* in_as() const {
        return reinterpret_cast<const Number<E>*>(in);
    }
    template <Element E>
    const Number<E>* operand_as() const {
        return reinterpret_cast<const Number<E>*>(operand);
    }
    template <Element E>
    const Number<E>* weights_as() const {
        return reinterpret_cast<const Number<E>*>(weights);
    }
    template <Element E>
    Number<E>* out_as() const {
        return reinterpret_cast<Number<E>*>(out);
    }
};

/// A kernel. One compiled for a single geometry ignores the argument.
using KernelCall = void (*)(const Geometry&, const Operands&);

/// A network's kernels for one instruction set, in the order of the plan's steps, and the conversion of its input.
struct KernelTable {
    Isa isa;
    std::span<const KernelCall> calls;
    void (*load_input)(const float* sample, std::byte* origin, const View& view, const QuantizationParameters& as,
                       int first, int last);
};

/// The reduction of a convolution's pixel, for both forms of tiles: `rows` times `taps` runs of `length` inputs each,
/// and the distances between them.
template <class Reach>
constexpr Reach reach_of(const Geometry& g) {
    const auto& [y, x] = g.window;
    return {y.size, taxon::detail::rows_are_runs(g, g.window) ? 1 : x.size, taxon::detail::run_length(g, g.window),
            std::ptrdiff_t{y.dilation} * g.in.row(), std::ptrdiff_t{x.dilation} * g.in.pitch};
}

/// The geometries of a plan that differ: the first step of each, and for every step which of them it has. A kernel is
/// looked up for these alone, because each geometry that is a template argument costs a compiler milliseconds.
template <std::size_t Steps>
struct DistinctGeometries {
    std::array<std::size_t, Steps> first_step{}, of_step{};
    std::size_t count = 0;
};
template <class Program>
inline constexpr auto distinct_geometries = [] {
    constexpr PlanView plan = Program::plan;
    DistinctGeometries<plan.steps.size()> all;
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
        std::size_t& which = all.of_step[i];
        while (which < all.count && plan.steps[all.first_step[which]].geometry != plan.steps[i].geometry) ++which;
        if (which == all.count) all.first_step[all.count++] = i;
    }
    return all;
}();

/// Adjacent output pixels of a depthwise convolution in registers: up to seven, or eight if there are `many`, in blocks
/// as equal as possible. Exact sums are accumulated in such blocks everywhere.
constexpr int window_pixels(int width, bool many) {
    if (width % 7 == 0) return 7;
    if (many && width % 8 == 0) return 8;
    const int blocks = (width + 6) / 7;
    return (width + blocks - 1) / blocks;
}

/// Rows of it: two if their windows share pixels.
constexpr int window_rows(const WindowAxis& y, int height) {
    return y.stride == 1 && y.dilation == 1 && height > 1 ? 2 : 1;
}

}  // namespace taxon::cpu

// All kernels, once per instruction set. What must be constant is a template argument; what one compiled kernel can
// serve for many layers (depths, counts) is a run-time argument.

#define TAXON_ISA portable
#include <taxon/backend/cpu/isa/portable.inl>
#include <taxon/backend/cpu/dot/portable.inl>
#include <taxon/backend/cpu/kernel/portable/all.inl>
#undef TAXON_ISA

#if TAXON_COMPILES(avx2)
TAXON_REGION(avx2)
#define TAXON_ISA avx2
#include <taxon/backend/cpu/isa/avx2.inl>
#include <taxon/backend/cpu/dot/avx2.inl>
#include <taxon/backend/cpu/kernel/all.inl>
#undef TAXON_ISA
TAXON_REGION_END
#endif

#if TAXON_COMPILES(avx_vnni)
TAXON_REGION(avx_vnni)
#define TAXON_ISA avx_vnni
#include <taxon/backend/cpu/isa/avx_vnni.inl>
#include <taxon/backend/cpu/dot/avx_vnni.inl>
#include <taxon/backend/cpu/kernel/other_products.inl>
#undef TAXON_ISA
TAXON_REGION_END
#endif

#if TAXON_COMPILES(avx512)
TAXON_REGION(avx512)
#define TAXON_ISA avx512
#include <taxon/backend/cpu/isa/avx512.inl>
#include <taxon/backend/cpu/dot/avx512.inl>
#include <taxon/backend/cpu/kernel/all.inl>
#undef TAXON_ISA
TAXON_REGION_END
#endif

#if TAXON_COMPILES(amx)
TAXON_REGION(amx)
#define TAXON_ISA amx
#include <taxon/backend/cpu/kernel/matrix.inl>
#include <taxon/backend/cpu/kernel/matrix_tokens.inl>
#include <taxon/backend/cpu/kernel/kernel_table.inl>
#undef TAXON_ISA
TAXON_REGION_END
#endif

#if TAXON_COMPILES(neon)
TAXON_REGION(neon)
#define TAXON_ISA neon
#include <taxon/backend/cpu/isa/neon.inl>
#include <taxon/backend/cpu/dot/neon.inl>
#include <taxon/backend/cpu/kernel/all.inl>
#undef TAXON_ISA
TAXON_REGION_END
#endif

#if TAXON_COMPILES(dotprod)
TAXON_REGION(dotprod)
#define TAXON_ISA dotprod
#include <taxon/backend/cpu/isa/dotprod.inl>
#include <taxon/backend/cpu/dot/dotprod.inl>
#include <taxon/backend/cpu/kernel/other_products.inl>
#undef TAXON_ISA
TAXON_REGION_END
#endif

#if TAXON_COMPILES(i8mm)
TAXON_REGION(i8mm)
#define TAXON_ISA i8mm
#include <taxon/backend/cpu/isa/i8mm.inl>
#include <taxon/backend/cpu/dot/i8mm.inl>
#include <taxon/backend/cpu/kernel/other_products.inl>
#undef TAXON_ISA
TAXON_REGION_END
#endif

namespace taxon::cpu {

/// The only place that names the tables; the instruction set must be supported.
template <class Program>
KernelTable kernel_table_for([[maybe_unused]] Isa isa) {
#if TAXON_COMPILES(amx)
    if constexpr (suits(Isa::amx, Program::data_types))
        if (isa == Isa::amx) return amx::kernel_table<Program>;
#endif
#if TAXON_COMPILES(avx512)
    if (isa == Isa::avx512) return avx512::kernel_table<Program>;
#endif
#if TAXON_COMPILES(avx_vnni)
    if constexpr (suits(Isa::avx_vnni, Program::data_types))
        if (isa == Isa::avx_vnni) return avx_vnni::kernel_table<Program>;
#endif
#if TAXON_COMPILES(avx2)
    if (isa == Isa::avx2) return avx2::kernel_table<Program>;
#endif
#if TAXON_COMPILES(i8mm)
    if constexpr (suits(Isa::i8mm, Program::data_types))
        if (isa == Isa::i8mm) return i8mm::kernel_table<Program>;
#endif
#if TAXON_COMPILES(dotprod)
    if constexpr (suits(Isa::dotprod, Program::data_types))
        if (isa == Isa::dotprod) return dotprod::kernel_table<Program>;
#endif
#if TAXON_COMPILES(neon)
    if (isa == Isa::neon) return neon::kernel_table<Program>;
#endif
    return portable::kernel_table<Program>;
}

}  // namespace taxon::cpu
