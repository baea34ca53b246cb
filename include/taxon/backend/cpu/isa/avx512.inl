// Vectors of sixteen floats, and of eight for the channel tail; thirty-two registers. The masked forms with all lanes
// on compile to the plain instructions; GCC 12's plain forms warn about their own header (-Wuninitialized).
namespace taxon::cpu::avx512 {

inline constexpr int registers = 32;

struct Wide {
    using type = __m512;
    static constexpr int lanes = 16;
    TAXON_INLINE static type load(const float* p) { return _mm512_loadu_ps(p); }
    TAXON_INLINE static type load(const half* p) {
        return _mm512_maskz_cvtph_ps(0xFFFF, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
    }
    TAXON_INLINE static type load(const bfloat16* p) {
        return _mm512_castsi512_ps(_mm512_maskz_slli_epi32(
            0xFFFF, _mm512_maskz_cvtepu16_epi32(0xFFFF, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p))), 16));
    }
    TAXON_INLINE static type load(const std::int16_t* p) {
        return to_float(_mm512_maskz_cvtepi16_epi32(0xFFFF, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p))));
    }
    TAXON_INLINE static type load(const std::uint8_t* p) {
        return to_float(_mm512_maskz_cvtepu8_epi32(0xFFFF, _mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
    }
    TAXON_INLINE static type load(const std::int8_t* p) {
        return to_float(_mm512_maskz_cvtepi8_epi32(0xFFFF, _mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
    }
    TAXON_INLINE static void store(float* p, type v) { _mm512_storeu_ps(p, v); }
    TAXON_INLINE static void store(half* p, type v) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_maskz_cvtps_ph(0xFFFF, v, _MM_FROUND_TO_NEAREST_INT));
    }
    TAXON_INLINE static void store(bfloat16* p, type v) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), (__m256i)_mm512_maskz_cvtneps_pbh(0xFFFF, v));
    }
    /// Integers: rounded to nearest, ties to even, and clamped to their range, which is ±4095 for 16 bits.
    TAXON_INLINE static void store(std::int16_t* p, type v) {
        _mm256_storeu_si256(
            reinterpret_cast<__m256i*>(p),
            _mm512_maskz_cvtepi32_epi16(0xFFFF, _mm512_maskz_cvtps_epi32(0xFFFF, min(max(v, set(-4095)), set(4095)))));
    }
    // values beyond 2^31 become the largest unsigned number
    TAXON_INLINE static void store(std::uint8_t* p, type v) {
        _mm_storeu_si128(reinterpret_cast<__m128i*>(p),
                         _mm512_maskz_cvtusepi32_epi8(0xFFFF, _mm512_maskz_cvtps_epi32(0xFFFF, max(v, set(0)))));
    }
    /// The first `count` numbers, and `others` after them; nothing else is touched.
    TAXON_INLINE static type load_first(const float* p, int count, type others) {
        return _mm512_mask_loadu_ps(others, first(count), p);
    }
    TAXON_INLINE static void store_first(float* p, type v, int count) { _mm512_mask_storeu_ps(p, first(count), v); }
    TAXON_INLINE static type to_float(__m512i v) { return _mm512_maskz_cvtepi32_ps(0xFFFF, v); }
    TAXON_INLINE static type square_root(type v) { return _mm512_maskz_sqrt_ps(0xFFFF, v); }
    TAXON_INLINE static type set(float x) { return _mm512_set1_ps(x); }
    TAXON_INLINE static type fma(type a, type b, type c) { return _mm512_fmadd_ps(a, b, c); }
    TAXON_INLINE static type max(type a, type b) { return _mm512_maskz_max_ps(0xFFFF, a, b); }
    /// The greater number; NaN if either is.
    TAXON_INLINE static type max_or_nan(type a, type b) {
        return _mm512_mask_max_ps(a, _mm512_cmp_ps_mask(a, a, _CMP_ORD_Q), a, b);
    }
    TAXON_INLINE static type min(type a, type b) { return _mm512_maskz_min_ps(0xFFFF, a, b); }
    TAXON_INLINE static type scale_by_power_of_two(type x, type n) { return _mm512_maskz_scalef_ps(0xFFFF, x, n); }

  private:
    TAXON_INLINE static __mmask16 first(int count) { return static_cast<__mmask16>((1u << count) - 1); }
};

struct Narrow {
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
        _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_maskz_cvtps_ph(0xFF, v, _MM_FROUND_TO_NEAREST_INT));
    }
    TAXON_INLINE static void store(bfloat16* p, type v) {
        _mm_storeu_si128(reinterpret_cast<__m128i*>(p), (__m128i)_mm256_maskz_cvtneps_pbh(0xFF, v));
    }
    TAXON_INLINE static void store(std::int16_t* p, type v) {
        _mm_storeu_si128(reinterpret_cast<__m128i*>(p),
                         _mm256_maskz_cvtepi32_epi16(0xFF, _mm256_cvtps_epi32(min(max(v, set(-4095)), set(4095)))));
    }
    TAXON_INLINE static void store(std::uint8_t* p, type v) {
        _mm_storel_epi64(reinterpret_cast<__m128i*>(p),
                         _mm256_maskz_cvtusepi32_epi8(0xFF, _mm256_cvtps_epi32(max(v, set(0)))));
    }
    TAXON_INLINE static type to_float(__m256i v) { return _mm256_cvtepi32_ps(v); }
    TAXON_INLINE static type set(float x) { return _mm256_set1_ps(x); }
    TAXON_INLINE static type fma(type a, type b, type c) { return _mm256_fmadd_ps(a, b, c); }
    TAXON_INLINE static type max(type a, type b) { return _mm256_max_ps(a, b); }
    TAXON_INLINE static type max_or_nan(type a, type b) {
        return _mm256_mask_max_ps(a, _mm256_cmp_ps_mask(a, a, _CMP_ORD_Q), a, b);
    }
    TAXON_INLINE static type min(type a, type b) { return _mm256_min_ps(a, b); }
    TAXON_INLINE static type scale_by_power_of_two(type x, type n) { return _mm256_maskz_scalef_ps(0xFF, x, n); }
};

/// Eight channels of two pixels in one register: where units are 512 bits wide, eight channels of one pixel cost as
/// much as sixteen.
struct Pair {
    using type = __m512;
    TAXON_INLINE static type load_twice(const float* p) {
        return _mm512_maskz_broadcast_f32x8(0xFFFF, _mm256_loadu_ps(p));
    }
    TAXON_INLINE static type set(float low, float high) {
        return _mm512_mask_blend_ps(0xFF00, _mm512_set1_ps(low), _mm512_set1_ps(high));
    }
    TAXON_INLINE static type fma(type a, type b, type c) { return _mm512_fmadd_ps(a, b, c); }
    /// The weights of eight outputs for two inputs in turn, or of four for four, eight lanes apart from input to input.
    template <int Outputs, class Number>
    TAXON_INLINE static type in_turn(const Number* p) {
        if constexpr (Outputs == 8) {
            const type v = Wide::load(p);
            return __builtin_shufflevector(v, v, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
        } else {
            const __m256 even = _mm256_loadu2_m128(p + 16, p), odd = _mm256_loadu2_m128(p + 24, p + 8);
            return __builtin_shufflevector(even, odd, 0, 8, 4, 12, 1, 9, 5, 13, 2, 10, 6, 14, 3, 11, 7, 15);
        }
    }
    /// Adjacent inputs in turn, to be multiplied with them.
    template <int Turns, class Lanes>
    TAXON_INLINE static Lanes spread(const void* p) {
        if constexpr (Turns == 2) {
            long long bits;
            __builtin_memcpy(&bits, p, sizeof bits);
            return (Lanes)_mm512_set1_epi64(bits);
        } else return (Lanes)_mm512_maskz_broadcast_f32x4(0xFFFF, _mm_loadu_ps(static_cast<const float*>(p)));
    }
    /// Numbers with zeros between them, where products of the first input are added.
    template <int Turns>
    TAXON_INLINE static type spaced(const float* p) {
        return _mm512_maskz_expandloadu_ps(Turns == 2 ? 0x5555 : 0x1111, p);
    }
    /// The sums of the inputs in turn, for the outputs of one register after those of another.
    template <class Lanes>
    TAXON_INLINE static Lanes sums_of(Lanes a, Lanes b) {
        return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30) +
               __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    }
    template <class Lanes>
    TAXON_INLINE static Lanes sums_of(Lanes a, Lanes b, Lanes c, Lanes d) {
        const Lanes first = sums_of_neighbours(a, b), second = sums_of_neighbours(c, d);
        return __builtin_shufflevector(first, second, 0, 4, 8, 12, 2, 6, 10, 14, 16, 20, 24, 28, 18, 22, 26, 30) +
               __builtin_shufflevector(first, second, 1, 5, 9, 13, 3, 7, 11, 15, 17, 21, 25, 29, 19, 23, 27, 31);
    }
    /// Keeps a value in its register until here.
    template <class Lanes>
    TAXON_INLINE static void hold(const Lanes& v) {
        if constexpr (!std::is_class_v<Lanes>) __asm__("" : : "v"(v));
    }
    TAXON_INLINE static __m256 low(type v) { return __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7); }
    TAXON_INLINE static __m256 high(type v) { return __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15); }

  private:
    /// Every four lanes: two sums of one register, two of the other.
    template <class Lanes>
    TAXON_INLINE static Lanes sums_of_neighbours(Lanes a, Lanes b) {
        return __builtin_shufflevector(a, b, 0, 2, 16, 18, 4, 6, 20, 22, 8, 10, 24, 26, 12, 14, 28, 30) +
               __builtin_shufflevector(a, b, 1, 3, 17, 19, 5, 7, 21, 23, 9, 11, 25, 27, 13, 15, 29, 31);
    }
};

}  // namespace taxon::cpu::avx512
