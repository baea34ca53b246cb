// NEON with FEAT_I8MM and FEAT_BF16: the same vectors and kernels, other products.
namespace taxon::cpu::i8mm {

using namespace neon;
namespace base = neon;

/// Weights that are multiplied otherwise.
constexpr bool multiplies(Element weights) { return weights == Element::int8 || weights == Element::bfloat16; }

}  // namespace taxon::cpu::i8mm
