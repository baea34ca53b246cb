// Vectors of eight floats, fused multiply-add, sixteen registers.
namespace taxon::cpu::avx2 {

inline constexpr int registers = 16;

struct Wide {
    using type = __m256;
    static constexpr int lanes = 8;
    TAXON_INLINE static type load(const float* p) { return _mm256_loadu_ps(p); }
    TAXON_INLINE static type load(const half* p) {
        return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
    }
    TAXON_INLINE static type load(const bfloat16* p) {
        return _mm256_castsi256_ps(
            _mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))), 16));
    }
    TAXON_INLINE static type load(const std::int16_t* p) {
        return to_float(_mm256_cvtepi16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
    }
    TAXON_INLINE static type load(const std::uint8_t* p) {
        return to_float(_mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p))));
    }
    TAXON_INLINE static type load(const std::int8_t* p) {
        return to_float(_mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p))));
    }
    TAXON_INLINE static void store(float* p, type v) { _mm256_storeu_ps(p, v); }
    TAXON_INLINE static void store(half* p, type v) {
        _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
    }
    /// Like AVX-512's own instruction: to nearest, ties to even, flushing below 2^-126 to zero. NaN becomes quiet, with
    /// a fraction that rounding cannot carry out of.
    TAXON_INLINE static void store(bfloat16* p, type v) {
        const __m256 quiet = _mm256_set1_ps(__builtin_nanf("")),
                     kept = _mm256_blendv_ps(v, quiet, _mm256_cmp_ps(v, v, _CMP_UNORD_Q));
        const __m256i bits = _mm256_castps_si256(kept),
                      exponent = _mm256_and_si256(bits, _mm256_set1_epi32(0x7f800000));
        const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
        const __m256i rounded =
            _mm256_srli_epi32(_mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7fff))), 16);
        const __m256i tiny = _mm256_srli_epi32(_mm256_cmpeq_epi32(exponent, _mm256_setzero_si256()), 17);
        narrow(p, _mm256_andnot_si256(tiny, rounded));
    }
    /// Integers: rounded to nearest, ties to even, and clamped to their range, which is ±4095 for 16 bits.
    TAXON_INLINE static void store(std::int16_t* p, type v) {
        const __m256i q = _mm256_cvtps_epi32(min(max(v, set(-4095)), set(4095)));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(p),
                         _mm_packs_epi32(_mm256_castsi256_si128(q), _mm256_extracti128_si256(q, 1)));
    }
    TAXON_INLINE static void store(std::uint8_t* p, type v) {
        const __m256i q = _mm256_cvtps_epi32(min(max(v, set(0)), set(255)));
        const __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(q), _mm256_extracti128_si256(q, 1));
        _mm_storel_epi64(reinterpret_cast<__m128i*>(p), _mm_packus_epi16(words, words));
    }
    /// The first `count` numbers, and `others` after them; nothing else is touched.
    TAXON_INLINE static type load_first(const float* p, int count, type others) {
        const __m256i mask = first(count);
        return _mm256_blendv_ps(others, _mm256_maskload_ps(p, mask), _mm256_castsi256_ps(mask));
    }
    TAXON_INLINE static void store_first(float* p, type v, int count) { _mm256_maskstore_ps(p, first(count), v); }
    TAXON_INLINE static type to_float(__m256i v) { return _mm256_cvtepi32_ps(v); }
    TAXON_INLINE static type square_root(type v) { return _mm256_sqrt_ps(v); }
    TAXON_INLINE static type set(float x) { return _mm256_set1_ps(x); }
    TAXON_INLINE static type fma(type a, type b, type c) { return _mm256_fmadd_ps(a, b, c); }
    TAXON_INLINE static type max(type a, type b) { return _mm256_max_ps(a, b); }
    /// The greater number; NaN if either is.
    TAXON_INLINE static type max_or_nan(type a, type b) {
        return _mm256_blendv_ps(_mm256_max_ps(a, b), a, _mm256_cmp_ps(a, a, _CMP_UNORD_Q));
    }
    TAXON_INLINE static type min(type a, type b) { return _mm256_min_ps(a, b); }
    TAXON_INLINE static type scale_by_power_of_two(type x, type n) {
        const __m256i exponent = _mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127)), 23);
        return x * _mm256_castsi256_ps(exponent);
    }

  private:
    TAXON_INLINE static __m256i first(int count) {
        return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    }
    TAXON_INLINE static void narrow(void* p, __m256i v) {
        _mm_storeu_si128(static_cast<__m128i*>(p),
                         _mm_packus_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1)));
    }
};
using Narrow = Wide;

/// Panels are whole vectors here: there is no channel tail.
struct Pair {
    using type = Wide::type;
    /// As in avx512.inl, of four outputs: two inputs in turn.
    template <int Outputs>
    TAXON_INLINE static type in_turn(const float* p) {
        static_assert(Outputs == 4);
        return __builtin_shufflevector(_mm_loadu_ps(p), _mm_loadu_ps(p + 8), 0, 4, 1, 5, 2, 6, 3, 7);
    }
    template <int Turns, class Lanes>
    TAXON_INLINE static Lanes spread(const void* p) {
        double bits;
        __builtin_memcpy(&bits, p, sizeof bits);
        return (Lanes)_mm256_set1_pd(bits);
    }
    template <int Turns>
    TAXON_INLINE static type spaced(const float* p) {
        return _mm256_castsi256_ps(_mm256_cvtepu32_epi64(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
    }
    template <class Lanes>
    TAXON_INLINE static Lanes sums_of(Lanes a, Lanes b) {
        const Lanes sums = __builtin_shufflevector(a, b, 0, 2, 8, 10, 4, 6, 12, 14) +
                           __builtin_shufflevector(a, b, 1, 3, 9, 11, 5, 7, 13, 15);
        return __builtin_shufflevector(sums, sums, 0, 1, 4, 5, 2, 3, 6, 7);
    }
    /// Keeps a value in its register until here.
    template <class Lanes>
    TAXON_INLINE static void hold(const Lanes& v) {
        if constexpr (!std::is_class_v<Lanes>) __asm__("" : : "v"(v));
    }
};

}  // namespace taxon::cpu::avx2
