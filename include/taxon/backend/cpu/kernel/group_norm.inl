// Group normalisation: groups of channels over all pixels. One pass takes means and variances, one maps the numbers.
namespace taxon::cpu::TAXON_ISA {

/// A run of pixels, and how many came before.
struct PixelBlock {
    static constexpr int most = 32;
    int first, pitch, count, before;
};

/// Adds a block of pixels to the means of some vectors of channels, and to the sums of squared distances from them
/// (Chan, Golub and LeVeque 1983, equation 1.5): a block stays in L1 between its mean and its distances, so a large
/// mean costs no digits of the variance, and memory is read once.
template <Element In, class V, int Vectors>
TAXON_INLINE void add_moments(const Number<In>* in, PixelBlock block, const QuantizationParameters& as, float* means,
                              float* squares) {
    constexpr std::size_t vectors = Vectors;
    const auto* pixels = in + block.first;
    const float n = static_cast<float>(block.count), before = static_cast<float>(block.before), all = before + n;
    typename V::type middle[vectors], spread[vectors];
    TAXON_UNROLL for (int j = 0; j < Vectors; ++j) middle[j] = spread[j] = V::set(0);
    for (int i = 0; i < block.count; ++i)
        TAXON_UNROLL for (int j = 0; j < Vectors; ++j) middle[j] =
            middle[j] + read<In, V>(pixels + i * block.pitch + j * V::lanes, as);
    TAXON_UNROLL for (int j = 0; j < Vectors; ++j) middle[j] = middle[j] * V::set(1 / n);
    for (int i = 0; i < block.count; ++i) TAXON_UNROLL for (int j = 0; j < Vectors; ++j) {
            const auto distance = read<In, V>(pixels + i * block.pitch + j * V::lanes, as) - middle[j];
            spread[j] = V::fma(distance, distance, spread[j]);
        }
    TAXON_UNROLL for (int j = 0; j < Vectors; ++j) {
        float *mean = means + j * V::lanes, *square = squares + j * V::lanes;
        const auto apart = middle[j] - V::load(mean);
        V::store(mean, V::fma(apart, V::set(n / all), V::load(mean)));
        V::store(square, V::load(square) + V::fma(apart * apart, V::set(before * n / all), spread[j]));
    }
}

/// Channels at once, for which the local arrays below have room: a block of their pixels is 32 KB.
inline constexpr int most_moments = 256;

template <Element In>
TAXON_NOINLINE void moments(const Number<In>* in, const View& view, const QuantizationParameters& as, int channels,
                            float* means, float* squares) {
    constexpr int four = 4 * Wide::lanes;
    std::memset(means, 0, sizeof(float) * static_cast<std::size_t>(channels));
    std::memset(squares, 0, sizeof(float) * static_cast<std::size_t>(channels));
    const int width = view.shape.width;
    for (int y = 0; y < view.shape.height; ++y)
        for (int x = 0; x < width; x += PixelBlock::most) {
            const int count = width - x < PixelBlock::most ? width - x : PixelBlock::most;
            const PixelBlock block{view.pixel(y, x), view.pitch, count, y * width + x};
            int c = 0;
            for (; c + four <= channels; c += four) add_moments<In, Wide, 4>(in + c, block, as, means + c, squares + c);
            for (; c + Wide::lanes <= channels; c += Wide::lanes)
                add_moments<In, Wide, 1>(in + c, block, as, means + c, squares + c);
            for (; c < channels; c += Narrow::lanes)
                add_moments<In, Narrow, 1>(in + c, block, as, means + c, squares + c);
        }
}

/// Of a group's channels, some or all.
struct GroupMoments {
    double mean = 0, squares = 0;
    int channels = 0;

    /// Takes up a channel's mean and squares over as many pixels as every other's.
    TAXON_INLINE void add(double channel_mean, double channel_squares, int pixels) {
        const double apart = channel_mean - mean, share = 1.0 / (channels + 1);
        mean += apart * share;
        squares += channel_squares + apart * apart * pixels * channels * share;
        ++channels;
    }
    TAXON_INLINE double scale(int pixels, double epsilon) const {
        return 1 / __builtin_sqrt(squares / (static_cast<double>(channels) * pixels) + epsilon);
    }
};

/// out = Function(in · factor + term) for at most `most_moments` channels of all pixels.
template <Activation::Kind Function, Element In, Element Out>
TAXON_INLINE void map_channels(const Geometry& g, const Operands& o, int channel, int channels, const float* factors,
                               const float* terms) {
    const float first = static_cast<float>(g.activation.first), second = static_cast<float>(g.activation.second);
    for (int y = 0; y < g.out.shape.height; ++y)
        for (int x = 0; x < g.out.shape.width; ++x) {
            const auto* a = o.in_as<In>() + g.in.pixel(y, x) + channel;
            auto* to = o.out_as<Out>() + g.out.pixel(y, x) + channel;
            for (int c = 0; c < channels; c += Narrow::lanes) {
                const auto mapped = Narrow::fma(read<In, Narrow>(a + c, o.in_quantization), Narrow::load(factors + c),
                                                Narrow::load(terms + c));
                write<Out, Narrow>(to + c, activate<Function, Narrow>(mapped, first, second), o.out_quantization);
            }
        }
}

/// Channels `first` to `last`, which are whole groups, `most_moments` in all or a single run of registers and groups.
template <Activation::Kind Function, Element In, Element Out>
TAXON_INLINE void normalise_groups(const Geometry& g, const Operands& o, int first, int last) {
    const int pixels = g.out.shape.pixels(), width = g.out.shape.channels / g.groups;
    const double epsilon = 1.0 / static_cast<double>(g.inverse_epsilon);
    GroupMoments groups[most_moments];
    float a[most_moments], b[most_moments];
    for (int c = first; c < last; c += most_moments) {
        const int count = last - c < most_moments ? last - c : most_moments;
        moments<In>(o.in_as<In>() + c, g.in, o.in_quantization, round_up(count, 8), a, b);
        for (int i = 0; i < count; ++i)
            groups[(c + i - first) / width].add(static_cast<double>(a[i]), static_cast<double>(b[i]), pixels);
    }
    for (int c = first; c < last; c += most_moments) {
        const int count = last - c < most_moments ? last - c : most_moments;
        std::memset(a, 0, sizeof a), std::memset(b, 0, sizeof b);
        for (int i = 0; i < count; ++i) {
            const GroupMoments& group = groups[(c + i - first) / width];
            const double factor = group.scale(pixels, epsilon) * static_cast<double>(o.bias[c + i]);
            a[i] = static_cast<float>(factor);
            b[i] = static_cast<float>(static_cast<double>(o.bias[shifts_at(g) + c + i]) - group.mean * factor);
        }
        map_channels<Function, In, Out>(g, o, c, round_up(count, 8), a, b);
    }
}

/// The shortest run of channels that is whole registers and whole groups.
TAXON_INLINE int run_of_groups(const Geometry& g) {
    const int width = g.out.shape.channels / g.groups;
    int run = width;
    while (run % 8 != 0) run += width;
    return run;
}

/// Parts share such runs, so one group, however large, is one part's.
template <Activation::Kind Function, Element In, Element Out>
TAXON_NOINLINE void group_norm(const Geometry& g, const Operands& o) {
    const int channels = g.out.shape.channels, run = run_of_groups(g);
    const auto mine = o.share((channels + run - 1) / run);
    const int at_once = run < most_moments ? most_moments / run : 1;
    for (int i = mine.first; i < mine.last; i += at_once) {
        const int end = (i + at_once < mine.last ? i + at_once : mine.last) * run;
        normalise_groups<Function, In, Out>(g, o, i * run, end < channels ? end : channels);
    }
}

}  // namespace taxon::cpu::TAXON_ISA
