#pragma once
#include <array>
#include <cstring>
#include <span>
#include <taxon/backend/cpu/isa.hpp>
#include <taxon/number/number.hpp>
#include <taxon/backend/cpu/region.hpp>
#include <taxon/plan/packed_layout.hpp>
#include <utility>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace taxon::cpu {

/// Where a call's operands lie: pixel (0, 0) of each, the packed weights; what their integers stand for; how many
/// tokens there are; and which part of the work this call is to do: the callers of parts 0 … parts − 1 run side by
/// side, and no number may depend on how many they are.
struct Operands {
    const std::byte *in, *weights;
    const float* bias;
    const std::byte* operand;
    std::byte* out;
    float *sums, *scratch;
    QuantizationParameters in_quantization{}, operand_quantization{}, out_quantization{};  ///< of in, operand, out
    int length = 0;
    int part = 0, parts = 1;
    int valid = 0;  ///< tokens that attention looks at, if not `length`: the first so many

    struct Range {
        int first, last;
    };
    /// This part's share of `units` of work, which may be empty.
    constexpr Range share(int units) const { return {units * part / parts, units * (part + 1) / parts}; }

    /// A kernel knows the types from its geometry.
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

/// A network's kernels for one instruction set, in the order of the plan's steps, and the copy of its input.
struct KernelTable {
    Isa isa;
    std::span<void (*const)(const Operands&)> calls;
    void (*load_input)(const float* sample, std::byte* origin, const View& view, const QuantizationParameters& as,
                       int first, int last);
};

}  // namespace taxon::cpu

// All kernels, once per instruction set. What only constants decide is a template argument; what one compiled kernel
// can serve for many layers (depths, counts) is an ordinary argument.

#define TAXON_ISA portable
#include <taxon/backend/cpu/isa/portable.inl>
#include <taxon/backend/cpu/dot/portable.inl>
#include <taxon/backend/cpu/kernel/all.inl>
#undef TAXON_ISA

#if defined(__x86_64__)
TAXON_TARGET("avx2,fma,bmi2,f16c")
#define TAXON_ISA avx2
#include <taxon/backend/cpu/isa/avx2.inl>
#include <taxon/backend/cpu/dot/avx2.inl>
#include <taxon/backend/cpu/kernel/all.inl>
#undef TAXON_ISA
TAXON_TARGET_END

TAXON_TARGET("avx512f,avx512vl,avx512bw,avx512dq,avx512vnni,avx512bf16,avx2,fma,bmi2,f16c")
#define TAXON_ISA avx512
#include <taxon/backend/cpu/isa/avx512.inl>
#include <taxon/backend/cpu/dot/avx512.inl>
#include <taxon/backend/cpu/kernel/all.inl>
#undef TAXON_ISA
TAXON_TARGET_END

TAXON_TARGET("amx-tile,amx-int8,amx-bf16,avx512f,avx512vl,avx512bw,avx512dq,avx512vnni,avx512bf16,avx2,fma,bmi2,f16c")
#define TAXON_ISA amx
#include <taxon/backend/cpu/kernel/matrix.inl>
#include <taxon/backend/cpu/kernel/matrix_tokens.inl>
#include <taxon/backend/cpu/kernel/kernel_table.inl>
#undef TAXON_ISA
TAXON_TARGET_END
#endif

namespace taxon::cpu {

/// The only place that names the instances; the instruction set must be supported.
template <class Program>
KernelTable instance_for([[maybe_unused]] Isa isa) {
#if defined(__x86_64__)
    if constexpr (suits_amx(Program::data_types))
        if (isa == Isa::amx) return amx::kernel_table<Program>;
    if (isa == Isa::avx512) return avx512::kernel_table<Program>;
    if (isa == Isa::avx2) return avx2::kernel_table<Program>;
#endif
    return portable::kernel_table<Program>;
}

}  // namespace taxon::cpu
