// AVX2 with AVX-VNNI (Intel's client processors since 2021, AMD's since Zen 5): the same vectors and kernels, other
// products.
namespace taxon::cpu::TAXON_ISA {

using namespace avx2;
namespace base = avx2;

/// Weights that are multiplied otherwise.
constexpr bool multiplies(Element weights) { return weights == Element::int8 || weights == Element::int16; }

}  // namespace taxon::cpu::TAXON_ISA
