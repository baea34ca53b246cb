// Functions of whole rows of a dense value, along the last axis.
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

/// Any strides, one number at a time.
template <RowFunction R>
TAXON_NOINLINE void row_singly(const DenseRow& row) {
    const auto number = [&](int i) { return static_cast<double>(row.from[i * row.from_apart]); };
    double most = number(0), sum = 0, mean = 0, running = 0;
    int first = 0;
    for (int i = 0; i < row.count; ++i) {
        const double x = number(i);
        if (x > most || (x != x && most == most)) most = x, first = i;
        mean += x / row.count;
    }
    for (int i = 0; i < row.count; ++i) {
        const double x = number(i);
        if constexpr (is_softmax<R>) sum += static_cast<double>(__builtin_expf(static_cast<float>(x - most)));
        if constexpr (R == RowFunction::standardise) sum += (x - mean) * (x - mean) / row.count;
    }
    for (int k = 0; k < row.count; ++k) {
        const int i = row.reverse ? row.count - 1 - k : k;
        const double x = number(i);
        double y = i == first ? 1 : 0;
        if constexpr (R == RowFunction::softmax)
            y = static_cast<double>(__builtin_expf(static_cast<float>(x - most))) / sum;
        if constexpr (R == RowFunction::log_softmax)
            y = x - most - static_cast<double>(__builtin_logf(static_cast<float>(sum)));
        if constexpr (R == RowFunction::standardise)
            y = (x - mean) / __builtin_sqrt(sum + static_cast<double>(row.epsilon));
        if constexpr (R == RowFunction::cumulative_sum) y = row.exclusive ? running : running + x, running += x;
        if (row.gain) y *= static_cast<double>(row.gain[i]);
        if (row.shift) y += static_cast<double>(row.shift[i]);
        row.to[i * row.to_apart] = static_cast<float>(y);
    }
}

template <RowFunction R>
TAXON_NOINLINE void row(const Geometry&, const Operands& o) {
    const LoopNest& nest = *o.nest;
    const int last = nest.rank - 1;
    constexpr std::size_t at_once = 2;
    const Strides &from = nest.operands[0], &to = nest.out;
    DenseRow one{.from = nullptr,
                 .from_apart = at(from, last),
                 .to = nullptr,
                 .to_apart = at(to, last),
                 .count = size_of(nest, last),
                 .gain = nest.operand_count > 1 ? floats_of(o.operand) : nullptr,
                 .shift = nest.operand_count > 2 ? floats_of(o.third) : nullptr,
                 .epsilon = static_cast<float>(nest.first),
                 .reverse = nest.reverse,
                 .exclusive = nest.last};
    constexpr bool in_registers = is_softmax<R> || R == RowFunction::standardise;
    const bool along = in_registers && one.from_apart == 1 && one.to_apart == 1;
    const int across = in_registers && !along ? axis_side_by_side<2>(nest, last, {&from, &to}) : none,
              width = across == none ? 1 : static_cast<int>(at_once) * Wide::lanes,
              size = across == none ? 1 : size_of(nest, across), blocks = (size + width - 1) / width;
    const auto [begin, end] = o.share(nest.outer_count() / size * blocks);
    for (int i = begin; i < end; ++i) {
        const int left = i % blocks * width, rows = size - left < width ? size - left : width;
        std::array<int, 2> offsets{from.first + left, to.first + left};
        add_offsets<2>(nest, last, across, i / blocks, {&from, &to}, offsets);
        one.from = floats_of(o.in) + offsets[0], one.to = o.out_as<Element::float32>() + offsets[1];
        if constexpr (in_registers) {
            if (along) {
                row_along<R>(one);
                continue;
            }
            if (across != none) {
                if (rows == width) rows_across<R, at_once>(one, rows);
                else
                    for (int done = 0; done < rows; done += Wide::lanes, one.from += Wide::lanes, one.to += Wide::lanes)
                        rows_across<R, 1>(one, rows - done < Wide::lanes ? rows - done : Wide::lanes);
                continue;
            }
        }
        row_singly<R>(one);
    }
}

}  // namespace taxon::cpu::TAXON_ISA
