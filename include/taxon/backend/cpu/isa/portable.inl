// Vectors of four floats in the compilers' own notation: any processor.
namespace taxon::cpu::portable {

inline constexpr int registers = 16;

struct Wide {
    using type [[gnu::vector_size(16)]] = float;
    using bits [[gnu::vector_size(16)]] = std::int32_t;
    static constexpr int lanes = 4;
    TAXON_INLINE static type load(const float* p) { type v; std::memcpy(&v, p, sizeof v); return v; }
    TAXON_INLINE static void store(float* p, type v) { std::memcpy(p, &v, sizeof v); }
    TAXON_INLINE static type set(float x) { return type{x, x, x, x}; }
    TAXON_INLINE static type fma(type a, type b, type c) { return a * b + c; }
    TAXON_INLINE static type max(type a, type b) { return a > b ? a : b; }
    TAXON_INLINE static type min(type a, type b) { return a < b ? a : b; }
    TAXON_INLINE static type scale_by_power_of_two(type x, type n) { return x * reinterpret_cast<type>((__builtin_convertvector(n, bits) + 127) << 23); }
};
using Narrow = Wide;

/// Panels are whole vectors here: no channels are left over.
struct Pair { using type = Wide::type; };

}  // namespace taxon::cpu::portable
