// Layer normalisation of each pixel or token over its channels.
namespace taxon::cpu::TAXON_ISA {

/// Sums `channels` numbers: four accumulators of eight lanes in turn to hide the latency of additions, then lane by
/// lane; in the same order for all sets. `term` maps a register of numbers to what is added; it is also called for the
/// tail of fewer channels than eight.
template <Element In, class Term>
TAXON_INLINE float total(const Number<In>* a, int channels, const QuantizationParameters& as, Term term) {
    EightLanes sums[4];
    const auto add = [&](EightLanes & sum, int at) __attribute__((always_inline)) {
        TAXON_UNROLL for (int j = 0; j < EightLanes::count; ++j) sum.parts[j] =
            term(read<In, Narrow>(a + at + j * Narrow::lanes, as), sum.parts[j]);
    };
    int c = 0;
    for (; c + 32 <= channels; c += 32) TAXON_UNROLL for (int i = 0; i < 4; ++i) add(sums[i], c + 8 * i);
    for (; c + 8 <= channels; c += 8) add(sums[0], c);
    TAXON_UNROLL for (int j = 0; j < EightLanes::count; ++j) sums[0].parts[j] =
        (sums[0].parts[j] + sums[1].parts[j]) + (sums[2].parts[j] + sums[3].parts[j]);
    float lanes[8], sum = sums[0].total();
    if (c < channels) {
        EightLanes rest;
        add(rest, c);
        rest.store(lanes);
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
