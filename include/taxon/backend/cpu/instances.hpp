#pragma once
#include <array>
#include <cstring>
#include <span>
#include <taxon/backend/cpu/isa.hpp>
#include <taxon/backend/cpu/region.hpp>
#include <taxon/graph/weights.hpp>
#include <utility>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace taxon::cpu {

/// Where a call's operands lie: pixel (0, 0) of each, the packed weights; how many tokens there are; and which part of the work
/// this call is to do: the callers of parts 0 … parts − 1 run side by side, and no number may depend on how many they are.
template <class Weight>
struct Operands {
    const float* in;
    const Weight* weights;
    const float *bias, *operand;
    float *out, *sums, *scratch;
    int length;
    int part = 0, parts = 1;

    struct Range { int first, last; };
    /// This part's share of `units` of work, which may be empty.
    constexpr Range share(int units) const { return {units * part / parts, units * (part + 1) / parts}; }
};

/// A network's kernels for one instruction set, in the order of the plan's steps, and the copy of its input.
template <class Weight>
struct Instance {
    std::span<void (*const)(const Operands<Weight>&)> calls;
    void (*load_input)(const float* sample, float* origin, const View& view, int first, int last);
};

}  // namespace taxon::cpu

// All kernels, once per instruction set. What only constants decide is a template argument; what one compiled kernel can serve
// for many layers (depths, counts) is an ordinary argument.

#define TAXON_ISA portable
#include <taxon/backend/cpu/isa/portable.inl>
#include <taxon/backend/cpu/kernel/all.inl>
#undef TAXON_ISA

#if defined(__x86_64__)
TAXON_TARGET("avx2,fma,bmi2")
#define TAXON_ISA avx2
#include <taxon/backend/cpu/isa/avx2.inl>
#include <taxon/backend/cpu/kernel/all.inl>
#undef TAXON_ISA
TAXON_TARGET_END

TAXON_TARGET("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma,bmi2")
#define TAXON_ISA avx512
#include <taxon/backend/cpu/isa/avx512.inl>
#include <taxon/backend/cpu/kernel/all.inl>
#undef TAXON_ISA
TAXON_TARGET_END
#endif

namespace taxon::cpu {

/// The only place that names the instances; the instruction set must be supported.
template <class Program>
Instance<typename Program::Weight> instance_for([[maybe_unused]] Isa isa) {
#if defined(__x86_64__)
    if (isa == Isa::avx512) return avx512::instance<Program>;
    if (isa == Isa::avx2) return avx2::instance<Program>;
#endif
    return portable::instance<Program>;
}

}  // namespace taxon::cpu
