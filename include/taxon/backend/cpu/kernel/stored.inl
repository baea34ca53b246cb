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

}  // namespace taxon::cpu::TAXON_ISA
