// Rows of a dense value whose numbers lie side by side from row to row.
namespace taxon::cpu::TAXON_ISA {

/// As many rows as there are lanes, or fewer, whose numbers lie side by side from row to row.
template <RowFunction R, std::size_t Registers>
TAXON_NOINLINE void rows_across(const DenseRow& row, int rows) {
    using V = typename Wide::type;
    const bool whole = rows == static_cast<int>(Registers) * Wide::lanes;
    const auto each = [&](const float* from, int apart, const auto& use) __attribute__((always_inline)) {
        for (int k = 0; k < row.count; ++k, from += apart)
            TAXON_UNROLL for (std::size_t r = 0; r < Registers; ++r)
                use(k, r,
                    whole ? Wide::load(from + static_cast<int>(r) * Wide::lanes)
                          : Wide::load_first(from + static_cast<int>(r) * Wide::lanes, rows, Wide::set(0)));
    };
    const auto put = [&](int k, std::size_t r, V y) __attribute__((always_inline)) {
        float* const to = row.to + k * row.to_apart + static_cast<int>(r) * Wide::lanes;
        if (whole) Wide::store(to, y);
        else Wide::store_first(to, y, rows);
    };
    V middle[Registers], sum[Registers];
    TAXON_UNROLL for (std::size_t r = 0; r < Registers; ++r) middle[r] =
        Wide::set(is_softmax<R> ? -__builtin_inff() : 0),
                                                             sum[r] = Wide::set(0);
    if constexpr (is_softmax<R>) {
        each(
            row.from, row.from_apart, [&](int, std::size_t r, V x) __attribute__((always_inline)) {
                middle[r] = Wide::max_or_nan(x, middle[r]);
            });
        each(
            row.from, row.from_apart, [&](int k, std::size_t r, V x) __attribute__((always_inline)) {
                const V power = exponential<Wide>(x - middle[r]);
                if constexpr (R == RowFunction::softmax) put(k, r, power);
                sum[r] = sum[r] + power;
            });
        TAXON_UNROLL for (std::size_t r = 0; r < Registers; ++r) sum[r] =
            R == RowFunction::softmax ? Wide::set(1) / sum[r] : logarithm<Wide>(sum[r]);
    } else {
        const V of_one = Wide::set(1.f / static_cast<float>(row.count));
        each(
            row.from,
            row.from_apart, [&](int, std::size_t r, V x) __attribute__((always_inline)) { middle[r] = middle[r] + x; });
        TAXON_UNROLL for (std::size_t r = 0; r < Registers; ++r) middle[r] = middle[r] * of_one;
        each(
            row.from, row.from_apart, [&](int, std::size_t r, V x) __attribute__((always_inline)) {
                sum[r] = Wide::fma(x - middle[r], x - middle[r], sum[r]);
            });
        TAXON_UNROLL for (std::size_t r = 0; r < Registers; ++r) sum[r] =
            Wide::set(1) / Wide::square_root(Wide::fma(sum[r], of_one, Wide::set(row.epsilon)));
    }
    const bool from_powers = R == RowFunction::softmax;
    each(
        from_powers ? row.to : row.from,
        from_powers ? row.to_apart : row.from_apart, [&](int k, std::size_t r, V y) __attribute__((always_inline)) {
            if constexpr (R == RowFunction::softmax) y = y * sum[r];
            else if constexpr (R == RowFunction::log_softmax) y = (y - middle[r]) - sum[r];
            else y = (y - middle[r]) * sum[r];
            if (row.gain) y = y * Wide::set(row.gain[k]);
            if (row.shift) y = y + Wide::set(row.shift[k]);
            put(k, r, y);
        });
}

}  // namespace taxon::cpu::TAXON_ISA
