// Vectors of four floats in the compilers' vector notation: any processor.
namespace taxon::cpu::portable {

inline constexpr int registers = 16;

struct Wide {
    using type [[gnu::vector_size(16)]] = float;
    using bits [[gnu::vector_size(16)]] = std::int32_t;
    static constexpr int lanes = 4;
    TAXON_INLINE static type load(const float* p) {
        type v;
        std::memcpy(&v, p, sizeof v);
        return v;
    }
    TAXON_INLINE static type load(const half* p) {
        return type{taxon::to_float(p[0]), taxon::to_float(p[1]), taxon::to_float(p[2]), taxon::to_float(p[3])};
    }
    TAXON_INLINE static type load(const bfloat16* p) {
        return type{taxon::to_float(p[0]), taxon::to_float(p[1]), taxon::to_float(p[2]), taxon::to_float(p[3])};
    }
    TAXON_INLINE static type load(const std::int16_t* p) { return to_float(bits{p[0], p[1], p[2], p[3]}); }
    TAXON_INLINE static type load(const std::uint8_t* p) { return to_float(bits{p[0], p[1], p[2], p[3]}); }
    TAXON_INLINE static type load(const std::int8_t* p) { return to_float(bits{p[0], p[1], p[2], p[3]}); }
    TAXON_INLINE static void store(float* p, type v) { std::memcpy(p, &v, sizeof v); }
    TAXON_INLINE static void store(half* p, type v) {
        TAXON_UNROLL for (int i = 0; i < lanes; ++i) p[i] = to_half(v[i]);
    }
    /// Like AVX-512's own instruction: flushes below 2^-126 to zero.
    TAXON_INLINE static void store(bfloat16* p, type v) {
        const bits number = reinterpret_cast<bits>(v), tiny = (number & 0x7f800000) == 0;
        v = reinterpret_cast<type>(number & ~(tiny & 0x7fffffff));
        TAXON_UNROLL for (int i = 0; i < lanes; ++i) p[i] = to_bfloat16(v[i]);
    }
    /// Integers: rounded to nearest, ties to even, and clamped to their range, which is ±4095 for 16 bits.
    TAXON_INLINE static void store(std::int16_t* p, type v) {
        const bits q = round(min(max(v, set(-4095)), set(4095)));
        TAXON_UNROLL for (int i = 0; i < lanes; ++i) p[i] = static_cast<std::int16_t>(q[i]);
    }
    TAXON_INLINE static void store(std::uint8_t* p, type v) {
        const bits q = round(min(max(v, set(0)), set(255)));
        TAXON_UNROLL for (int i = 0; i < lanes; ++i) p[i] = static_cast<std::uint8_t>(q[i]);
    }
    /// The first `count` numbers, and `others` after them; nothing else is touched.
    TAXON_INLINE static type load_first(const float* p, int count, type others) {
        TAXON_UNROLL for (int i = 0; i < lanes; ++i) if (i < count) others[i] = p[i];
        return others;
    }
    TAXON_INLINE static void store_first(float* p, type v, int count) {
        TAXON_UNROLL for (int i = 0; i < lanes; ++i) if (i < count) p[i] = v[i];
    }
    TAXON_INLINE static type to_float(bits v) { return __builtin_convertvector(v, type); }
    /// Below 2^22, adding 1.5 · 2^23 leaves no fractional bits.
    TAXON_INLINE static bits round(type v) { return reinterpret_cast<bits>(v + 0x1.8p23f) - 0x4b400000; }
    TAXON_INLINE static type set(float x) { return type{x, x, x, x}; }
    TAXON_INLINE static type fma(type a, type b, type c) { return a * b + c; }
    TAXON_INLINE static type max(type a, type b) { return a > b ? a : b; }
    /// The greater number; NaN if either is.
    TAXON_INLINE static type max_or_nan(type a, type b) { return ((a > b) | (a != a)) ? a : b; }
    TAXON_INLINE static type min(type a, type b) { return a < b ? a : b; }
    TAXON_INLINE static type square_root(type v) {
        TAXON_UNROLL for (int i = 0; i < lanes; ++i) v[i] = __builtin_sqrtf(v[i]);
        return v;
    }
    TAXON_INLINE static type scale_by_power_of_two(type x, type n) {
        return x * reinterpret_cast<type>((__builtin_convertvector(n, bits) + 127) << 23);
    }
};
using Narrow = Wide;

/// Panels are whole vectors here: there is no channel tail.
struct Pair {
    using type = Wide::type;
};

}  // namespace taxon::cpu::portable
