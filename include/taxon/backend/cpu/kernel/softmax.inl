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

/// Exponentials of the distances from `most`, times `factor`, with the channels that pad the row.
template <Element In, Element Out>
TAXON_INLINE void write_powers(const Number<In>* a, int channels, float most, float factor, Number<Out>* to,
                               const Operands& o) {
    const auto write_power = [&]<class V>(int c) __attribute__((always_inline)) {
        const auto power = exponential<V>(read<In, V>(a + c, o.in_quantization) - V::set(most));
        write<Out, V>(to + c, power * V::set(factor), o.out_quantization);
    };
    const int padded = round_up(channels, 8);
    int c = 0;
    for (; c + Wide::lanes <= padded; c += Wide::lanes) write_power.template operator()<Wide>(c);
    for (; c < padded; c += Narrow::lanes) write_power.template operator()<Narrow>(c);
}

/// One row, with the channels that pad it to a multiple of eight. Its exponentials are kept where floats are wanted,
/// and computed again where not.
template <Element In, Element Out>
TAXON_NOINLINE void softmax_row(const Number<In>* a, int channels, Number<Out>* to, const Operands& o) {
    const float most = greatest_of<In>(a, channels, o.in_quantization);
    if constexpr (Out == Element::float32) {
        write_powers<In, Out>(a, channels, most, 1, to, o);
        const auto add = [](auto x, auto sum) __attribute__((always_inline)) { return sum + x; };
        const auto share = Narrow::set(1 / total<Out>(to, channels, {}, add));
        for (int c = 0; c < round_up(channels, 8); c += Narrow::lanes)
            Narrow::store(to + c, Narrow::load(to + c) * share);
    } else {
        const auto middle = Narrow::set(most);
        const auto add = [middle](auto x, auto sum) __attribute__((always_inline)) {
            return sum + exponential<Narrow>(x - middle);
        };
        write_powers<In, Out>(a, channels, most, 1 / total<In>(a, channels, o.in_quantization, add), to, o);
    }
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
