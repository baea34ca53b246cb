// Addresses of dense values, by the loops of a nest; see taxon/graph/collapsed_nest.hpp. A constant is no work.
namespace taxon::cpu::TAXON_ISA {

inline void nothing(const Geometry&, const Operands&) {}

TAXON_INLINE const float* floats_of(const std::byte* at) { return reinterpret_cast<const float*>(at); }

TAXON_INLINE int at(const Strides& strides, int axis) { return strides.by[static_cast<std::size_t>(axis)]; }
TAXON_INLINE int size_of(const LoopNest& nest, int axis) { return nest.sizes[static_cast<std::size_t>(axis)]; }

/// Adds to `offsets` where element i of the first `axes` axes lies, but for axis `skipped`, in each of the strides.
template <std::size_t Count>
TAXON_INLINE void add_offsets(const LoopNest& nest, int axes, int skipped, int i,
                              const std::array<const Strides*, Count>& strides, std::array<int, Count>& offsets) {
    for (int axis = axes; i > 0 && axis-- > 0;) {
        if (axis == skipped) continue;
        const int size = size_of(nest, axis), place = axis == 0 ? i : i % size;
        for (std::size_t k = 0; k < Count; ++k) offsets[k] += place * at(*strides[k], axis);
        i /= size;
    }
}

/// The axis among the first `axes` along which neighbours lie side by side in all of the strides, or none.
template <std::size_t Count>
TAXON_INLINE int axis_side_by_side(const LoopNest& nest, int axes, const std::array<const Strides*, Count>& strides) {
    for (int axis = axes; axis-- > 0;) {
        bool all = size_of(nest, axis) > 1;
        for (std::size_t k = 0; k < Count; ++k) all &= at(*strides[k], axis) == 1;
        if (all) return axis;
    }
    return none;
}

/// A register of numbers of which some are left, at least one.
TAXON_INLINE typename Wide::type load_rest(const float* from, int left, typename Wide::type others) {
    return left >= Wide::lanes ? Wide::load(from) : Wide::load_first(from, left, others);
}
TAXON_INLINE void store_rest(float* to, typename Wide::type v, int left) {
    if (left >= Wide::lanes) Wide::store(to, v);
    else Wide::store_first(to, v, left);
}

/// Lanes i + Distance in lane i, around the end.
template <class V, int Distance>
TAXON_INLINE typename V::type turned(typename V::type v) {
    return [&]<int... I>(std::integer_sequence<int, I...>) __attribute__((always_inline)) {
        return __builtin_shufflevector(v, v, ((I + Distance) % V::lanes)...);
    }
    (std::make_integer_sequence<int, V::lanes>());
}

/// All lanes put together by next(a register, another one).
template <class V, class Next>
TAXON_INLINE float fold_lanes(typename V::type v, const Next& next) {
    if constexpr (V::lanes > 8) v = next(turned<V, 8>(v), v);
    if constexpr (V::lanes > 4) v = next(turned<V, 4>(v), v);
    v = next(turned<V, 2>(v), v);
    return next(turned<V, 1>(v), v)[0];
}

}  // namespace taxon::cpu::TAXON_ISA
