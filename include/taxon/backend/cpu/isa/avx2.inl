// Vectors of eight floats, fused multiply-add, sixteen registers.
namespace taxon::cpu::avx2 {

inline constexpr int registers = 16;

struct Wide {
    using type = __m256;
    static constexpr int lanes = 8;
    TAXON_INLINE static type load(const float* p) { return _mm256_loadu_ps(p); }
    TAXON_INLINE static void store(float* p, type v) { _mm256_storeu_ps(p, v); }
    TAXON_INLINE static type set(float x) { return _mm256_set1_ps(x); }
    TAXON_INLINE static type fma(type a, type b, type c) { return _mm256_fmadd_ps(a, b, c); }
    TAXON_INLINE static type max(type a, type b) { return _mm256_max_ps(a, b); }
    TAXON_INLINE static type min(type a, type b) { return _mm256_min_ps(a, b); }
    TAXON_INLINE static type scale_by_power_of_two(type x, type n) {
        const __m256i exponent = _mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127)), 23);
        return x * _mm256_castsi256_ps(exponent);
    }
};
using Narrow = Wide;

/// Panels are whole vectors here: no channels are left over.
struct Pair { using type = Wide::type; };

}  // namespace taxon::cpu::avx2
