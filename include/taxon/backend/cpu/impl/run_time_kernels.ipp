#pragma once
#include <taxon/backend/cpu/run_time_kernels.hpp>

#include <taxon/backend/cpu/memory.hpp>
#include <taxon/core/error.hpp>
#include <taxon/plan/operations.hpp>
#include <taxon/plan/winograd.hpp>
#include <vector>

namespace taxon::cpu {

/// The calling thread's memory for one kernel, aligned to a cache line.
inline float* thread_floats(std::size_t count) {
    static thread_local std::vector<float, CacheLineAllocator<float>> memory;
    if (memory.size() < count) memory.resize(count);
    return memory.data();
}

}  // namespace taxon::cpu

#define TAXON_ISA portable
#include <taxon/backend/cpu/kernel/portable/any_size.inl>
#undef TAXON_ISA

#if TAXON_COMPILES(avx2)
TAXON_REGION(avx2)
#define TAXON_ISA avx2
#include <taxon/backend/cpu/kernel/any_size/all.inl>
#undef TAXON_ISA
TAXON_REGION_END
#endif

#if TAXON_COMPILES(avx512)
TAXON_REGION(avx512)
#define TAXON_ISA avx512
#include <taxon/backend/cpu/kernel/any_size/all.inl>
#undef TAXON_ISA
TAXON_REGION_END
#endif

#if TAXON_COMPILES(neon)
TAXON_REGION(neon)
#define TAXON_ISA neon
#include <taxon/backend/cpu/kernel/any_size/all.inl>
#undef TAXON_ISA
TAXON_REGION_END
#endif

namespace taxon::cpu {

TAXON_DECL OwnedKernelTable kernel_table_at_run_time(PlanView plan, [[maybe_unused]] Isa isa) {
    KernelCall (*kernel_for)(const Geometry&) = &portable::any_size::kernel_for;
    OwnedKernelTable kernels{{Isa::portable, {}, &portable::load_input}};
#if TAXON_COMPILES(avx2)
    if (isa == Isa::avx2) kernels.table = {isa, {}, &avx2::load_input}, kernel_for = &avx2::any_size::kernel_for;
#endif
#if TAXON_COMPILES(avx512)
    if (isa == Isa::avx512) kernels.table = {isa, {}, &avx512::load_input}, kernel_for = &avx512::any_size::kernel_for;
#endif
#if TAXON_COMPILES(neon)
    if (isa == Isa::neon) kernels.table = {isa, {}, &neon::load_input}, kernel_for = &neon::any_size::kernel_for;
#endif
    for (const Step& step : plan.steps) {
        kernels.calls.push_back(kernel_for(step.geometry));
        if (kernels.calls.back() == nullptr)
            throw Error(Fault::unsupported,
                        {.place = "step '" + std::string(name_of(step.geometry.kernel)) + "'",
                         .found = "other numbers than float32",
                         .wanted = "float32, which is all that networks made at run time compute in"});
    }
    return kernels;
}

}  // namespace taxon::cpu
