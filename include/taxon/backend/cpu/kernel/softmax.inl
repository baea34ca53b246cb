// Softmax of each pixel or token over its channels.
namespace taxon::cpu::TAXON_ISA {

/// The greatest of `channels` numbers; NaN if one is.
template <Element In>
TAXON_INLINE float greatest_of(const Number<In>* a, int channels, const QuantizationParameters& as) {
    auto most = Narrow::set(-__builtin_inff());
    int c = 0;
    for (; c + Narrow::lanes <= channels; c += Narrow::lanes)
        most = Narrow::max_or_nan(read<In, Narrow>(a + c, as), most);
    float lanes[Narrow::lanes], all = -__builtin_inff();
    Narrow::store(lanes, most);
    for (const float lane : lanes) all = lane > all || lane != lane ? lane : all;
    if (c < channels) Narrow::store(lanes, read<In, Narrow>(a + c, as));
    for (int i = 0; i < channels - c; ++i) all = lanes[i] > all || lanes[i] != lanes[i] ? lanes[i] : all;
    return all;
}

/// One row, with the channels that pad it to a multiple of eight.
template <Element In, Element Out>
TAXON_NOINLINE void softmax_row(const Number<In>* a, int channels, Number<Out>* to, const Operands& o) {
    const auto most = Narrow::set(greatest_of<In>(a, channels, o.in_quantization));
    const auto power = [most](auto x) __attribute__((always_inline)) { return exponential<Narrow>(x - most); };
    const float sum = total<In>(
        a, channels,
        o.in_quantization, [&](auto x, auto sums) __attribute__((always_inline)) { return sums + power(x); });
    const auto share = Narrow::set(1 / sum);
    for (int c = 0; c < round_up(channels, 8); c += Narrow::lanes)
        write<Out, Narrow>(to + c, power(read<In, Narrow>(a + c, o.in_quantization)) * share, o.out_quantization);
}

template <Element In, Element Out>
TAXON_NOINLINE void softmax(const Geometry& g, const Operands& o) {
    const Extent part = extent(g, o);
    for (int y = part.top; y < part.bottom; ++y)
        for (int x = part.left; x < part.right; ++x)
            softmax_row<In, Out>(o.in_as<In>() + g.in.pixel(y, x), g.out.shape.channels,
                                 o.out_as<Out>() + g.out.pixel(y, x), o);
}

}  // namespace taxon::cpu::TAXON_ISA
