// Vectors of sixteen floats, and of eight for the last channels; thirty-two registers.
// The masked forms with all lanes on compile to the plain instructions; GCC 12's plain forms warn about their own header (-Wuninitialized).
namespace taxon::cpu::avx512 {

inline constexpr int registers = 32;

struct Wide {
    using type = __m512;
    static constexpr int lanes = 16;
    TAXON_INLINE static type load(const float* p) { return _mm512_loadu_ps(p); }
    TAXON_INLINE static void store(float* p, type v) { _mm512_storeu_ps(p, v); }
    TAXON_INLINE static type set(float x) { return _mm512_set1_ps(x); }
    TAXON_INLINE static type fma(type a, type b, type c) { return _mm512_fmadd_ps(a, b, c); }
    TAXON_INLINE static type max(type a, type b) { return _mm512_maskz_max_ps(0xFFFF, a, b); }
    TAXON_INLINE static type min(type a, type b) { return _mm512_maskz_min_ps(0xFFFF, a, b); }
    TAXON_INLINE static type scale_by_power_of_two(type x, type n) { return _mm512_maskz_scalef_ps(0xFFFF, x, n); }
};

struct Narrow {
    using type = __m256;
    static constexpr int lanes = 8;
    TAXON_INLINE static type load(const float* p) { return _mm256_loadu_ps(p); }
    TAXON_INLINE static void store(float* p, type v) { _mm256_storeu_ps(p, v); }
    TAXON_INLINE static type set(float x) { return _mm256_set1_ps(x); }
    TAXON_INLINE static type fma(type a, type b, type c) { return _mm256_fmadd_ps(a, b, c); }
    TAXON_INLINE static type max(type a, type b) { return _mm256_max_ps(a, b); }
    TAXON_INLINE static type min(type a, type b) { return _mm256_min_ps(a, b); }
    TAXON_INLINE static type scale_by_power_of_two(type x, type n) { return _mm256_maskz_scalef_ps(0xFF, x, n); }
};

/// Eight channels of two pixels in one register: where the units are 512 bits wide, eight channels of one cost as much as sixteen.
struct Pair {
    using type = __m512;
    TAXON_INLINE static type load_twice(const float* p) { return _mm512_maskz_broadcast_f32x8(0xFFFF, _mm256_loadu_ps(p)); }
    TAXON_INLINE static type set(float low, float high) { return _mm512_mask_blend_ps(0xFF00, _mm512_set1_ps(low), _mm512_set1_ps(high)); }
    TAXON_INLINE static type fma(type a, type b, type c) { return _mm512_fmadd_ps(a, b, c); }
    TAXON_INLINE static __m256 low(type v) { return __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7); }
    TAXON_INLINE static __m256 high(type v) { return __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15); }
};

}  // namespace taxon::cpu::avx512
