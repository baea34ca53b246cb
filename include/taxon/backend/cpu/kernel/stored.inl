// Loads and stores of float registers from and to memory of other number types.
namespace taxon::cpu::TAXON_ISA {

template <Element E, class V>
TAXON_INLINE typename V::type read(const Number<E>* from, const QuantizationParameters& as) {
    if constexpr (is_integer(E)) return (V::load(from) - V::set(as.zero_point)) * V::set(as.scale);
    else return V::load(from);
}

/// Integers are rounded to nearest, ties to even, and clamped to their range.
template <Element E, class V>
TAXON_INLINE void write(Number<E>* to, typename V::type numbers, const QuantizationParameters& as) {
    if constexpr (is_integer(E)) V::store(to, V::fma(numbers, V::set(as.inverse_scale), V::set(as.zero_point)));
    else V::store(to, numbers);
}

/// The same with a factor for each channel: see Geometry::by_channel.
template <Element E, class V>
TAXON_INLINE void write_by_channel(Number<E>* to, typename V::type numbers, const float* factors,
                                   const QuantizationParameters& as) {
    V::store(to, V::fma(numbers, V::load(factors), V::set(as.zero_point)));
}

/// Eight sums side by side, in as many registers as that takes: where numbers along vectors are summed, this is the
/// order on every set.
struct EightLanes {
    static constexpr int count = 8 / Narrow::lanes;
    typename Narrow::type parts[std::size_t{count}];

    TAXON_INLINE EightLanes() { TAXON_UNROLL for (int j = 0; j < count; ++j) parts[j] = Narrow::set(0); }
    TAXON_INLINE void store(float* to) const {
        TAXON_UNROLL for (int j = 0; j < count; ++j) Narrow::store(to + j * Narrow::lanes, parts[j]);
    }
    TAXON_INLINE float total() const {
        float lanes[8], sum = 0;
        store(lanes);
        for (const float lane : lanes) sum += lane;
        return sum;
    }
};

}  // namespace taxon::cpu::TAXON_ISA
