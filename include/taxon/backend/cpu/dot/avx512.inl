// Products of narrow numbers, sixteen outputs at once: one instruction each, except for half, whose weights are widened
// by the load. Integer accumulators are typed by element: GCC 12 keeps copies of arrays of __m512i in memory.
namespace taxon::cpu::avx512 {

/// Multiplies a pixel's numbers with weights of one type, `fold` inputs at once, and accumulates them for each output
/// of a column.
template <Element Weights>
struct Dot;

template <>
struct Dot<Element::float32> {
    using Number = float;
    using Weight = float;
    using Total = float;    ///< accumulator of one output
    using Sum = __m512;     ///< accumulators of a column, or of a pair
    using Column = __m512;  ///< the weights of Wide::lanes outputs
    using Spread = __m512;  ///< one pixel's numbers, for all lanes
    static constexpr int fold = 1;
    static constexpr bool exact = false;  ///< integer accumulators start at zero; others at the bias
    /// registers of Column, and of Spread with a product's temporaries
    static constexpr int column_registers = 1, spread_registers = 1;
    TAXON_INLINE static Sum load(const Total* p) { return _mm512_loadu_ps(p); }
    TAXON_INLINE static Sum load_twice(const Total* p) { return Pair::load_twice(p); }
    TAXON_INLINE static void store(Total* p, Sum v) { _mm512_storeu_ps(p, v); }
    TAXON_INLINE static Wide::type to_float(Sum v) { return v; }
    TAXON_INLINE static Column column(const Weight* p) { return Wide::load(p); }
    TAXON_INLINE static Column column_twice(const Weight* p) { return Pair::load_twice(p); }
    TAXON_INLINE static Spread broadcast(const Number* p) { return Wide::set(*p); }
    TAXON_INLINE static Spread broadcast_pair(const Number* low, const Number* high) { return Pair::set(*low, *high); }
    TAXON_INLINE static Sum dot(Spread x, Column w, Sum sum) { return Wide::fma(x, w, sum); }
};

template <>
struct Dot<Element::float16> : Dot<Element::float32> {
    using Weight = half;
    TAXON_INLINE static Column column(const Weight* p) { return Wide::load(p); }
    TAXON_INLINE static Column column_twice(const Weight* p) {
        const __m128i once = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
        return _mm512_maskz_cvtph_ps(0xFFFF, _mm256_broadcastsi128_si256(once));
    }
};

/// Columns and pixels in 32-bit lanes of `fold` numbers each.
template <class N, class W>
struct Folded {
    using Number = N;
    using Weight = W;
    using Lanes [[gnu::vector_size(64)]] = int;
    using Column = Lanes;
    using Spread = Lanes;
    static constexpr int fold = 4 / static_cast<int>(sizeof(N)), column_registers = 1, spread_registers = 1;
    TAXON_INLINE static Column column(const Weight* p) { return (Lanes)_mm512_loadu_si512(p); }
    TAXON_INLINE static Column column_twice(const Weight* p) {
        return (Lanes)_mm512_maskz_broadcast_i64x4(0xFF, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
    }
    TAXON_INLINE static Spread broadcast(const Number* p) { return (Lanes)_mm512_set1_epi32(lane(p)); }
    TAXON_INLINE static Spread broadcast_pair(const Number* low, const Number* high) {
        return (Lanes)_mm512_mask_blend_epi32(0xFF00, _mm512_set1_epi32(lane(low)), _mm512_set1_epi32(lane(high)));
    }

  private:
    TAXON_INLINE static int lane(const Number* p) {
        int bits;
        __builtin_memcpy(&bits, p, sizeof bits);
        return bits;
    }
};

template <>
struct Dot<Element::bfloat16> : Folded<bfloat16, bfloat16> {
    using Total = float;
    using Sum = __m512;
    static constexpr bool exact = false;
    TAXON_INLINE static Sum load(const Total* p) { return _mm512_loadu_ps(p); }
    TAXON_INLINE static Sum load_twice(const Total* p) { return Pair::load_twice(p); }
    TAXON_INLINE static void store(Total* p, Sum v) { _mm512_storeu_ps(p, v); }
    TAXON_INLINE static Wide::type to_float(Sum v) { return v; }
    TAXON_INLINE static Sum dot(Spread x, Column w, Sum sum) { return _mm512_dpbf16_ps(sum, (__m512bh)x, (__m512bh)w); }
};

template <class N, class W>
struct FoldedIntegers : Folded<N, W> {
    using Total = std::int32_t;
    using Sum = typename Folded<N, W>::Lanes;
    static constexpr bool exact = true;
    TAXON_INLINE static Sum load(const Total* p) { return (Sum)_mm512_loadu_si512(p); }
    TAXON_INLINE static Sum load_twice(const Total* p) {
        return (Sum)_mm512_maskz_broadcast_i64x4(0xFF, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
    }
    TAXON_INLINE static void store(Total* p, Sum v) { _mm512_storeu_si512(p, (__m512i)v); }
    TAXON_INLINE static Wide::type to_float(Sum v) { return Wide::to_float((__m512i)v); }
};

template <>
struct Dot<Element::int16> : FoldedIntegers<std::int16_t, std::int16_t> {
    TAXON_INLINE static Sum dot(Spread x, Column w, Sum sum) {
        return (Sum)_mm512_dpwssd_epi32((__m512i)sum, (__m512i)x, (__m512i)w);
    }
};

template <>
struct Dot<Element::int8> : FoldedIntegers<std::uint8_t, std::int8_t> {
    TAXON_INLINE static Sum dot(Spread x, Column w, Sum sum) {
        return (Sum)_mm512_dpbusd_epi32((__m512i)sum, (__m512i)x, (__m512i)w);
    }
};

}  // namespace taxon::cpu::avx512
