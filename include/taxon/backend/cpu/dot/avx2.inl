// Products of narrow numbers, eight outputs at once. vpmaddubsw, which multiplies bytes, saturates the sum of two
// products at 32767. So bytes whose sums could be larger are split into even and odd ones and multiplied as 16-bit
// numbers: see kernel/byte_tile.inl. Bfloat16 are widened: even ones first, then odd ones.
namespace taxon::cpu::avx2 {

/// Multiplies a pixel's numbers with weights of one type, `fold` inputs at once, and accumulates them for each output
/// of a column.
template <Element Weights>
struct Dot;

template <>
struct Dot<Element::float32> {
    using Number = float;
    using Weight = float;
    using Total = float;    ///< accumulator of one output
    using Sum = __m256;     ///< accumulators of a column
    using Column = __m256;  ///< the weights of Wide::lanes outputs
    using Spread = __m256;  ///< one pixel's numbers, for all lanes
    static constexpr int fold = 1;
    static constexpr bool exact = false;  ///< integer accumulators start at zero; others at the bias
    /// registers of Column, and of Spread with a product's temporaries
    static constexpr int column_registers = 1, spread_registers = 1;
    TAXON_INLINE static Sum load(const Total* p) { return _mm256_loadu_ps(p); }
    TAXON_INLINE static void store(Total* p, Sum v) { _mm256_storeu_ps(p, v); }
    TAXON_INLINE static Wide::type to_float(Sum v) { return v; }
    TAXON_INLINE static Column column(const Weight* p) { return Wide::load(p); }
    TAXON_INLINE static Spread broadcast(const Number* p) { return Wide::set(*p); }
    TAXON_INLINE static Sum dot(Spread x, Column w, Sum sum) { return Wide::fma(x, w, sum); }
};

template <>
struct Dot<Element::float16> : Dot<Element::float32> {
    using Weight = half;
    TAXON_INLINE static Column column(const Weight* p) { return Wide::load(p); }
};

template <>
struct Dot<Element::bfloat16> : Dot<Element::float32> {
    using Number = bfloat16;
    using Weight = bfloat16;
    struct Halves {
        __m256 even, odd;
    };
    using Column = Halves;
    using Spread = Halves;
    static constexpr int fold = 2, column_registers = 2, spread_registers = 2;
    TAXON_INLINE static Column column(const Weight* p) {
        return split(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
    }
    TAXON_INLINE static Spread broadcast(const Number* p) {
        int bits;
        __builtin_memcpy(&bits, p, sizeof bits);
        return split(_mm256_set1_epi32(bits));
    }
    TAXON_INLINE static Sum dot(Spread x, Column w, Sum sum) {
        return Wide::fma(x.odd, w.odd, Wide::fma(x.even, w.even, sum));
    }

  private:
    TAXON_INLINE static Halves split(__m256i v) {
        return {_mm256_castsi256_ps(_mm256_slli_epi32(v, 16)),
                _mm256_castsi256_ps(_mm256_and_si256(v, _mm256_set1_epi32(static_cast<int>(0xFFFF0000))))};
    }
};

template <>
struct Dot<Element::int16> {
    using Number = std::int16_t;
    using Weight = std::int16_t;
    using Total = std::int32_t;
    // indexed by element: GCC 12 keeps copies of arrays of __m256i in memory
    using Lanes [[gnu::vector_size(32)]] = int;
    using Sum = Lanes;
    using Column = Lanes;
    using Spread = Lanes;
    static constexpr int fold = 2, column_registers = 1, spread_registers = 2;
    static constexpr bool exact = true;
    TAXON_INLINE static Sum load(const Total* p) { return lanes(p); }
    TAXON_INLINE static void store(Total* p, Sum v) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), (__m256i)v); }
    TAXON_INLINE static Wide::type to_float(Sum v) { return Wide::to_float((__m256i)v); }
    TAXON_INLINE static Column column(const Weight* p) { return lanes(p); }
    TAXON_INLINE static Spread broadcast(const Number* p) { return spread(p); }
    TAXON_INLINE static Sum dot(Spread x, Column w, Sum sum) {
        return sum + (Sum)_mm256_madd_epi16((__m256i)x, (__m256i)w);
    }

  protected:
    TAXON_INLINE static Lanes lanes(const void* p) { return (Lanes)_mm256_loadu_si256(static_cast<const __m256i*>(p)); }
    TAXON_INLINE static Lanes spread(const void* p) {
        int bits;
        __builtin_memcpy(&bits, p, sizeof bits);
        return (Lanes)_mm256_set1_epi32(bits);
    }
};

template <>
struct Dot<Element::int8> : Dot<Element::int16> {
    using Number = std::uint8_t;
    using Weight = std::int8_t;
    struct Halves {
        Lanes even, odd;
    };
    using Column = Halves;
    using Spread = Halves;
    static constexpr int fold = 4, column_registers = 2, spread_registers = 3;
    TAXON_INLINE static Column column(const Weight* p) {
        const __m256i bytes = (__m256i)lanes(p);
        return {(Lanes)_mm256_srai_epi16(_mm256_slli_epi16(bytes, 8), 8), (Lanes)_mm256_srai_epi16(bytes, 8)};
    }
    TAXON_INLINE static Spread broadcast(const Number* p) {
        const __m256i bytes = (__m256i)spread(p);
        return {(Lanes)_mm256_and_si256(bytes, _mm256_set1_epi16(0xFF)), (Lanes)_mm256_srli_epi16(bytes, 8)};
    }
    TAXON_INLINE static Sum dot(Spread x, Column w, Sum sum) {
        return Dot<Element::int16>::dot(x.odd, w.odd, Dot<Element::int16>::dot(x.even, w.even, sum));
    }

    TAXON_INLINE static Lanes bytes(const Weight* p) { return lanes(p); }
    /// A group whose sums of two products fit 16 bits, and two of them whose sums of four do.
    TAXON_INLINE static Sum dot_single(const Number* x, Lanes w, Sum sum) { return sum + widened(sums_of_two(x, w)); }
    TAXON_INLINE static Sum dot_pair(const Number* x, Lanes v, const Number* y, Lanes w, Sum sum) {
        return sum + widened(_mm256_add_epi16(sums_of_two(x, v), sums_of_two(y, w)));
    }
    /// Two bytes, split before.
    TAXON_INLINE static Sum dot_half(const std::uint32_t* x, Lanes w, Sum sum) {
        return Dot<Element::int16>::dot(spread(x), w, sum);
    }
    /// Splits eight groups, or the first `count` of them, into even and odd bytes.
    TAXON_INLINE static void split(const Number* p, std::uint32_t* even, std::uint32_t* odd) {
        split(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)), even, odd);
    }
    TAXON_INLINE static void split_first(const Number* p, int count, std::uint32_t* even, std::uint32_t* odd) {
        const __m256i mask = _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
        split(_mm256_maskload_epi32(reinterpret_cast<const int*>(p), mask), even, odd);
    }

  private:
    TAXON_INLINE static void split(__m256i bytes, std::uint32_t* even, std::uint32_t* odd) {
        _mm256_store_si256(reinterpret_cast<__m256i*>(even), _mm256_and_si256(bytes, _mm256_set1_epi16(0xFF)));
        _mm256_store_si256(reinterpret_cast<__m256i*>(odd), _mm256_srli_epi16(bytes, 8));
    }
    TAXON_INLINE static __m256i sums_of_two(const Number* x, Lanes w) {
        return _mm256_maddubs_epi16((__m256i)spread(x), (__m256i)w);
    }
    TAXON_INLINE static Lanes widened(__m256i sums) { return (Lanes)_mm256_madd_epi16(sums, _mm256_set1_epi16(1)); }
};

}  // namespace taxon::cpu::avx2
