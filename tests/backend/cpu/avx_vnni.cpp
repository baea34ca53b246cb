// The kernels of AVX-VNNI, compiled for the same two instructions in AVX-512's coding, because few machines that build
// this have the other: a set of this test's own, in the place of AVX2's.
#include <taxon/backend/cpu/cpu.hpp>

#include "backend/step_by_step.hpp"
#include "networks.hpp"

#if TAXON_COMPILES(avx2) && TAXON_COMPILES(avx512)

namespace taxon::cpu::evex_vnni {

/// The name that kernel_table.inl gives the set.
struct Isa {
    static constexpr cpu::Isa evex_vnni = cpu::Isa::avx2;
};

}  // namespace taxon::cpu::evex_vnni

#undef TAXON_VNNI
#define TAXON_VNNI(name) _mm256_##name##_epi32
TAXON_REGION_OF("avx512f,avx512vl,avx512vnni,avx2,fma,bmi2,f16c")
#define TAXON_ISA evex_vnni
#include <taxon/backend/cpu/isa/avx_vnni.inl>
#include <taxon/backend/cpu/dot/avx_vnni.inl>
#include <taxon/backend/cpu/kernel/other_products.inl>
#undef TAXON_ISA
TAXON_REGION_END

using namespace taxon;

namespace {

template <class A, class Precision>
void check(const std::string& what, int length = 0) {
    using Program = backend::detail::Program<A, first_input<A>, Precision, true>;
    Candidate candidate = Candidate::of<A, execution::Fused, Precision>();
    candidate.kernel_table = [](cpu::Isa isa) {
        return isa == cpu::Isa::avx2 ? cpu::evex_vnni::kernel_table<Program> : cpu::kernel_table_for<Program>(isa);
    };
    check_steps(candidate, what, length);
}

}  // namespace

TEST_CASE("kernels of AVX-VNNI give what the formulas say, and the bytes of AVX-512") {
    if (!cpu::supported(cpu::Isa::avx512, precision::QInt8MixedFloat32::data_types)) {
        WARN("this processor lacks AVX-512's VNNI");
        return;
    }
    check<networks::Shortcuts, precision::QInt8MixedFloat32>("shortcuts");
    check<networks::Gates, precision::QInt16MixedFloat32>("gates");
    check<networks::Transformer, precision::QInt8MixedFloat32>("tokens", 17);
}

#endif
