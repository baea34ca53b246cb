// Products of integers by AVX-VNNI: one instruction each, which adds to sums of 32 bits.
#if !defined(TAXON_VNNI)
#define TAXON_VNNI(name) _mm256_##name##_avx_epi32  // a test has AVX-512's coding of the same instruction
#endif

namespace taxon::cpu::TAXON_ISA {

template <Element Weights>
struct Dot : avx2::Dot<Weights> {};

template <>
struct Dot<Element::int16> : avx2::Dot<Element::int16> {
    static constexpr int spread_registers = 1;
    TAXON_INLINE static Sum dot(Spread x, Column w, Sum sum) {
        return (Sum)TAXON_VNNI(dpwssd)((__m256i)sum, (__m256i)x, (__m256i)w);
    }
};

template <>
struct Dot<Element::int8> : Dot<Element::int16> {
    using Number = std::uint8_t;
    using Weight = std::int8_t;
    static constexpr int fold = 4;
    TAXON_INLINE static Column column(const Weight* p) { return lanes(p); }
    TAXON_INLINE static Spread broadcast(const Number* p) { return spread(p); }
    TAXON_INLINE static Sum dot(Spread x, Column w, Sum sum) {
        return (Sum)TAXON_VNNI(dpbusd)((__m256i)sum, (__m256i)x, (__m256i)w);
    }
};

}  // namespace taxon::cpu::TAXON_ISA
