// Functions of whole rows of a dense value, along the last axis.
namespace taxon::cpu::TAXON_ISA {

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
