// What the kernels could reach: a tile's loop over the depth without what comes before and after it, and a loop of
// loads. Only for measuring: see roofline.hpp.
namespace taxon::cpu::TAXON_ISA {

template <Element E>
struct PeakLoop {
    using D = Dot<E>;
    static constexpr int columns = 2, fold = D::fold, groups = PeakOperands::depth / fold,
                         rows = std::clamp((registers - columns * D::column_registers - D::spread_registers) / columns,
                                           1, PeakOperands::rows);

    TAXON_NOINLINE static float run(const PeakOperands& operands, int rounds) {
        const auto* const weights = reinterpret_cast<const typename D::Weight*>(operands.weights);
        const auto* const pixels = reinterpret_cast<const typename D::Number*>(operands.pixels);
        typename D::Sum sums[static_cast<std::size_t>(rows)][static_cast<std::size_t>(columns)] = {};
        for (int round = 0; round < rounds; ++round) {
            const auto* w = weights;
            const auto* x = pixels;
            for (int group = 0; group < groups; ++group, w += columns * Wide::lanes * fold, x += fold) {
                typename D::Column read[static_cast<std::size_t>(columns)];
                TAXON_UNROLL for (int j = 0; j < columns; ++j) read[j] = D::column(w + j * Wide::lanes * fold);
                TAXON_UNROLL for (int i = 0; i < rows; ++i) {
                    const auto spread = D::broadcast(x + i * PeakOperands::depth);
                    TAXON_UNROLL for (int j = 0; j < columns; ++j) sums[i][j] = D::dot(spread, read[j], sums[i][j]);
                }
            }
        }
        typename D::Total lanes[static_cast<std::size_t>(Wide::lanes)], total{};
        TAXON_UNROLL for (int i = 0; i < rows; ++i) TAXON_UNROLL for (int j = 0; j < columns; ++j) {
            D::store(lanes, sums[i][j]);
            total += lanes[0];
        }
        return static_cast<float>(total);
    }

    static constexpr PeakProducts products{&run, 2. * rows* columns* Wide::lanes* PeakOperands::depth};
};

inline PeakProducts peak_products(Element weights) {
    switch (weights) {
        case Element::float16: return PeakLoop<Element::float16>::products;
        case Element::bfloat16: return PeakLoop<Element::bfloat16>::products;
        case Element::int16: return PeakLoop<Element::int16>::products;
        case Element::int8: return PeakLoop<Element::int8>::products;
        default: return PeakLoop<Element::float32>::products;
    }
}

/// The sum of numbers that fill whole groups of eight vectors.
TAXON_NOINLINE inline float read_all(const float* numbers, std::size_t count) {
    typename Wide::type sums[8];
    TAXON_UNROLL for (int i = 0; i < 8; ++i) sums[i] = Wide::set(0);
    for (std::size_t at = 0; at < count; at += std::size_t{8} * Wide::lanes)
        TAXON_UNROLL for (int i = 0; i < 8; ++i) sums[i] = sums[i] + Wide::load(numbers + at + i * Wide::lanes);
    TAXON_UNROLL for (int i = 1; i < 8; ++i) sums[0] = sums[0] + sums[i];
    float lanes[static_cast<std::size_t>(Wide::lanes)];
    Wide::store(lanes, sums[0]);
    return lanes[0];
}

}  // namespace taxon::cpu::TAXON_ISA
