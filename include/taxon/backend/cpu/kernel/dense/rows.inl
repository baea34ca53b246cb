// Addresses of dense values, and walks over their rows. A constant is no work.
namespace taxon::cpu::TAXON_ISA {

inline void nothing(const Geometry&, const Operands&) {}

TAXON_INLINE const float* floats_of(const std::byte* at) { return reinterpret_cast<const float*>(at); }

/// Calls each(i, a, out) for the outer axes' element i, with the first number of its row and of its results.
template <class Each>
TAXON_INLINE void for_each_row(const Operands& o, const Each& each) {
    const LoopNest& nest = *o.nest;
    auto* const to = o.out_as<Element::float32>();
    nest.walk(0, nest.rank - nest.inner, std::array{nest.operands[0], nest.out},
              [&](int i, const std::array<int, 2>& at) { each(i, floats_of(o.in) + at[0], to + at[1]); });
}
/// Calls each(a number) along the inner axes.
template <class Each>
TAXON_INLINE void for_each_inner(const LoopNest& nest, const float* a, const Each& each) {
    Strides strides = nest.operands[0];
    strides.first = 0;
    nest.walk(nest.rank - nest.inner, nest.rank, std::array{strides},
              [&](int i, const std::array<int, 1>& at) { each(i, a[at[0]]); });
}

}  // namespace taxon::cpu::TAXON_ISA
