// A row of a dense value whose numbers lie side by side.
namespace taxon::cpu::TAXON_ISA {

/// A row: its numbers and the distance between them, and the same of its results; factors and terms, if any.
struct DenseRow {
    const float* from;
    int from_apart;
    float* to;
    int to_apart, count;
    const float *gain, *shift;
    float epsilon;
    bool reverse, exclusive;
};

template <RowFunction R>
inline constexpr bool is_softmax = R == RowFunction::softmax || R == RowFunction::log_softmax;

/// Sums term(place) over a row: 64 registers, and those sums as doubles.
template <class Term>
TAXON_INLINE double sum_of_row(int count, const Term& term) {
    double all = 0;
    for (int i = 0; i < count;) {
        auto sum = Wide::set(0);
        for (int k = 0; k < 64 && i < count; ++k, i += Wide::lanes) sum = sum + term(i);
        all += static_cast<double>(fold_lanes<Wide>(
            sum, [](auto a, auto b) __attribute__((always_inline)) { return a + b; }));
    }
    return all;
}

/// The greatest number of a row; NaN if one is.
TAXON_INLINE float greatest_of_row(const float* from, int count) {
    const auto least = Wide::set(-__builtin_inff());
    typename Wide::type most[2] = {least, least};
    for (int i = 0; i < count; i += 2 * Wide::lanes) {
        most[0] = Wide::max_or_nan(load_rest(from + i, count - i, least), most[0]);
        if (i + Wide::lanes < count)
            most[1] = Wide::max_or_nan(load_rest(from + i + Wide::lanes, count - i - Wide::lanes, least), most[1]);
    }
    const auto next = [](auto a, auto b) __attribute__((always_inline)) { return Wide::max_or_nan(a, b); };
    return fold_lanes<Wide>(next(most[0], most[1]), next);
}

/// A row side by side, and its results too.
template <RowFunction R>
TAXON_NOINLINE void row_along(const DenseRow& row) {
    const int count = row.count;
    const auto none_left = Wide::set(0);
    float middle = 0, factor = 1;
    if constexpr (is_softmax<R>) {
        middle = greatest_of_row(row.from, count);
        const auto most = Wide::set(middle), least = Wide::set(-__builtin_inff());
        // beyond the end, e^-87 is nothing beside 1, which is the greatest term
        const double sum = sum_of_row(
            count, [&](int i) __attribute__((always_inline)) {
                const auto power = exponential<Wide>(load_rest(row.from + i, count - i, least) - most);
                if constexpr (R == RowFunction::softmax) store_rest(row.to + i, power, count - i);
                return power;
            });
        factor = R == RowFunction::softmax ? static_cast<float>(1 / sum) : __builtin_logf(static_cast<float>(sum));
    } else {
        middle = static_cast<float>(
            sum_of_row(
                count, [&](int i)
                           __attribute__((always_inline)) { return load_rest(row.from + i, count - i, none_left); }) /
            count);
        const auto mean = Wide::set(middle);
        const double squares = sum_of_row(
            count, [&](int i) __attribute__((always_inline)) {
                const auto x = load_rest(row.from + i, count - i, mean) - mean;
                return x * x;
            });
        factor = static_cast<float>(1 / __builtin_sqrt(squares / count + static_cast<double>(row.epsilon)));
    }
    const auto of_middle = Wide::set(middle), of_factor = Wide::set(factor);
    const float* const from = R == RowFunction::softmax ? row.to : row.from;
    for (int i = 0; i < count; i += Wide::lanes) {
        const int left = count - i;
        auto y = load_rest(from + i, left, none_left);
        if constexpr (R == RowFunction::softmax) y = y * of_factor;
        else if constexpr (R == RowFunction::log_softmax) y = (y - of_middle) - of_factor;
        else y = (y - of_middle) * of_factor;
        if (row.gain) y = y * load_rest(row.gain + i, left, none_left);
        if (row.shift) y = y + load_rest(row.shift + i, left, none_left);
        store_rest(row.to + i, y, left);
    }
}

}  // namespace taxon::cpu::TAXON_ISA
