// NEON with FEAT_DotProd: the same vectors and kernels, other products.
namespace taxon::cpu::dotprod {

using namespace neon;
namespace base = neon;

/// Weights that are multiplied otherwise.
constexpr bool multiplies(Element weights) { return weights == Element::int8; }

}  // namespace taxon::cpu::dotprod
