// Pooling: maximum or mean of windows. Memory-bound, so one kernel of each kind serves all shapes at run time.
namespace taxon::cpu::TAXON_ISA {

template <Element In, class V>
TAXON_INLINE typename V::type greater(typename V::type a, typename V::type b) {
    if constexpr (is_integer(In)) return V::max(a, b);
    else return V::max_or_nan(a, b);
}

/// One window for some vectors of channels, held in registers.
template <bool Greatest, Element In, Element Out, class V, int Vectors>
TAXON_INLINE void reduce(const PoolRange& rows, const PoolRange& columns, const Number<In>* in, const View& view,
                         Number<Out>* __restrict out, const Operands& o) {
    constexpr std::size_t vectors = Vectors;
    typename V::type values[vectors];
    const auto* first = in + view.pixel(rows.first, columns.first);
    TAXON_UNROLL for (int j = 0; j < Vectors; ++j) values[j] =
        Greatest ? read<In, V>(first + j * V::lanes, o.in_quantization) : V::set(0);
    for (int y = rows.first; y < rows.last; y += rows.step)
        for (int x = columns.first; x < columns.last; x += columns.step) {
            const auto* pixel = in + view.pixel(y, x);
            TAXON_UNROLL for (int j = 0; j < Vectors; ++j) {
                const auto number = read<In, V>(pixel + j * V::lanes, o.in_quantization);
                values[j] = Greatest ? greater<In, V>(number, values[j]) : values[j] + number;
            }
        }
    const auto share = V::set(1.f / static_cast<float>(rows.count * columns.count));
    TAXON_UNROLL for (int j = 0; j < Vectors; ++j)
        write<Out, V>(out + j * V::lanes, Greatest ? values[j] : values[j] * share, o.out_quantization);
}

/// Output pixels `first` to `last`, channels `channel` to `end`, both multiples of eight.
template <bool Greatest, Element In, Element Out>
TAXON_INLINE void pool_pixels(const Geometry& g, int first, int last, int channel, int end, const Operands& o) {
    constexpr int block = 4 * Wide::lanes;
    const auto* in = o.in_as<In>();
    for (int i = first; i < last; ++i) {
        const int y = i / g.out.shape.width, x = i % g.out.shape.width;
        const bool padded = g.pooling == Pooling::padded_mean;
        const PoolRange rows = pool_range(g.window.y, padded, y, g.in.shape.height, g.out.shape.height),
                        columns = pool_range(g.window.x, padded, x, g.in.shape.width, g.out.shape.width);
        auto* to = o.out_as<Out>() + g.out.pixel(y, x);
        int c = channel;
        for (; c + block <= end; c += block) reduce<Greatest, In, Out, Wide, 4>(rows, columns, in + c, g.in, to + c, o);
        for (; c + Wide::lanes <= end; c += Wide::lanes)
            reduce<Greatest, In, Out, Wide, 1>(rows, columns, in + c, g.in, to + c, o);
        if (c < end) reduce<Greatest, In, Out, Narrow, 1>(rows, columns, in + c, g.in, to + c, o);
    }
}

/// Parts share the output's rows, or its pixels if there are few, or the channels if there is only one.
template <bool Greatest, Element In, Element Out>
TAXON_NOINLINE void pool(const Geometry& g, const Operands& o) {
    const int channels = round_up(g.out.shape.channels, 8), pixels = g.out.shape.pixels();
    const auto vectors = pixels > 1 ? Operands::Range{0, channels / 8} : o.share(channels / 8), rows = o.rows_of(g),
               mine = o.by_rows(g) ? Operands::Range{rows.first * g.out.shape.width, rows.last * g.out.shape.width}
                      : pixels > 1 ? o.share(pixels)
                                   : Operands::Range{0, 1};
    pool_pixels<Greatest, In, Out>(g, mine.first, mine.last, vectors.first * 8, vectors.last * 8, o);
}

}  // namespace taxon::cpu::TAXON_ISA
