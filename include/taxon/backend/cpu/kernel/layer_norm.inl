// Layer normalisation of each pixel or token over its channels.
namespace taxon::cpu::TAXON_ISA {

/// Sums `channels` numbers: four accumulators in turn to hide the latency of additions, then lane by lane; in the same
/// order for all sets whose Narrow has as many lanes. `term` maps a register of numbers to what is added; it is also
/// called for the tail of fewer channels than a register has lanes.
template <Element In, class Term>
TAXON_INLINE float total(const Number<In>* a, int channels, const QuantizationParameters& as, Term term) {
    typename Narrow::type sums[4] = {Narrow::set(0), Narrow::set(0), Narrow::set(0), Narrow::set(0)};
    int c = 0;
    for (; c + 4 * Narrow::lanes <= channels; c += 4 * Narrow::lanes)
        TAXON_UNROLL for (int i = 0; i < 4; ++i) sums[i] =
            term(read<In, Narrow>(a + c + i * Narrow::lanes, as), sums[i]);
    for (; c + Narrow::lanes <= channels; c += Narrow::lanes) sums[0] = term(read<In, Narrow>(a + c, as), sums[0]);
    float lanes[Narrow::lanes], sum = 0;
    Narrow::store(lanes, (sums[0] + sums[1]) + (sums[2] + sums[3]));
    for (const float lane : lanes) sum += lane;
    if (c < channels) {
        Narrow::store(lanes, term(read<In, Narrow>(a + c, as), Narrow::set(0)));
        for (int i = c; i < channels; ++i) sum += lanes[i - c];
    }
    return sum;
}

/// One row, with the channels that pad it to a multiple of eight, which later steps read. Two passes over data in L1:
/// the mean first, so that a large mean does not cost digits of the variance.
template <Element In, Element Out>
TAXON_NOINLINE void normalise(const Number<In>* a, const QuantizationParameters& from, int channels, float epsilon,
                              const float* gamma, const float* beta, Number<Out>* to,
                              const QuantizationParameters& as) {
    const float count = static_cast<float>(channels);
    const float mean = total<In>(
                           a, channels, from, [](auto x, auto sum) __attribute__((always_inline)) { return sum + x; }) /
                       count;
    const auto middle = Narrow::set(mean);
    const float squares = total<In>(
        a, channels, from, [middle](auto x, auto sum) __attribute__((always_inline)) {
            return Narrow::fma(x - middle, x - middle, sum);
        });
    const auto scale = Narrow::set(1 / __builtin_sqrtf(squares / count + epsilon));
    for (int c = 0; c < round_up(channels, 8); c += Narrow::lanes)
        write<Out, Narrow>(to + c,
                           Narrow::fma((read<In, Narrow>(a + c, from) - middle) * scale, Narrow::load(gamma + c),
                                       Narrow::load(beta + c)),
                           as);
}

template <Element In, Element Out>
TAXON_NOINLINE void layer_norm(const Geometry& g, const Operands& o) {
    const Extent part = extent(g, o);
    const float epsilon = 1.f / static_cast<float>(g.inverse_epsilon);
    for (int y = part.top; y < part.bottom; ++y)
        for (int x = part.left; x < part.right; ++x)
            normalise<In, Out>(o.in_as<In>() + g.in.pixel(y, x), o.in_quantization, g.out.shape.channels, epsilon,
                               o.bias, o.bias + shifts_at(g), o.out_as<Out>() + g.out.pixel(y, x), o.out_quantization);
}

}  // namespace taxon::cpu::TAXON_ISA
