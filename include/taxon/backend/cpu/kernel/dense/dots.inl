// Products of a matrix with few vectors along which both are contiguous.
namespace taxon::cpu::TAXON_ISA {

using FourFloats [[gnu::vector_size(16)]] = float;

/// The sum of the lanes of each of four registers.
TAXON_INLINE FourFloats sums_of_lanes(const typename Wide::type (&sums)[4]) {
    FourFloats quarters[4];
    TAXON_UNROLL for (int i = 0; i < 4; ++i) {
        FourFloats parts[std::size_t{Wide::lanes / 4}];
        std::memcpy(&parts, &sums[i], sizeof parts);
        quarters[i] = parts[0];
        TAXON_UNROLL for (int j = 1; j < Wide::lanes / 4; ++j) quarters[i] += parts[j];
    }
    const auto pairs = [](FourFloats a, FourFloats b) {
        return __builtin_shufflevector(a, b, 0, 4, 2, 6) + __builtin_shufflevector(a, b, 1, 5, 3, 7);
    };
    const FourFloats first = pairs(quarters[0], quarters[1]), last = pairs(quarters[2], quarters[3]);
    return __builtin_shufflevector(first, last, 0, 1, 4, 5) + __builtin_shufflevector(first, last, 2, 3, 6, 7);
}

/// a · b for four b, over runs of step 1.
TAXON_INLINE FourFloats four_dots(const ProductRuns& runs, const float* a, const float* const (&b)[4]) {
    constexpr int lanes = Wide::lanes;
    typename Wide::type sums[4];
    FourFloats rest{};
    TAXON_UNROLL for (int i = 0; i < 4; ++i) sums[i] = Wide::set(0);
    for (int run = 0; run < runs.count; ++run) {
        const int at = runs.b[run];
        const float* numbers = a + runs.a[run];
        int k = 0;
        for (; k + lanes <= runs.length; k += lanes) {
            const auto vector = Wide::load(numbers + k);
            TAXON_UNROLL for (int i = 0; i < 4; ++i) sums[i] = Wide::fma(vector, Wide::load(b[i] + at + k), sums[i]);
        }
        for (; k < runs.length; ++k)
            rest += numbers[k] * FourFloats{b[0][at + k], b[1][at + k], b[2][at + k], b[3][at + k]};
    }
    return sums_of_lanes(sums) + rest;
}

}  // namespace taxon::cpu::TAXON_ISA
