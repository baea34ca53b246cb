// Depthwise convolution of any geometry: one window per channel.
namespace taxon::cpu::TAXON_ISA::any_size {

/// `Pixels` adjacent outputs for one vector of channels, before the activation.
template <Element In, class V, int Pixels>
TAXON_NOINLINE void window(const Geometry& g, const Operands& o, const Number<In>* in, const float* weights,
                           const float* bias, float* out) {
    constexpr std::size_t pixels = Pixels;
    typename V::type sums[pixels];
    TAXON_UNROLL for (std::size_t x = 0; x < pixels; ++x) sums[x] = V::load(bias);
    const auto& [rows, taps] = g.window;
    const std::ptrdiff_t step = std::ptrdiff_t{taps.stride} * g.in.pitch;
    for (int ky = 0; ky < rows.size; ++ky)
        for (int kx = 0; kx < taps.size; ++kx, weights += g.panel) {
            const auto weight = V::load(weights);
            const auto* tap = in + g.in.pixel(ky * rows.dilation, kx * taps.dilation);
            TAXON_UNROLL for (std::size_t x = 0; x < pixels; ++x, tap += step) sums[x] =
                V::fma(read<In, V>(tap, o.in_quantization), weight, sums[x]);
        }
    TAXON_UNROLL for (std::size_t x = 0; x < pixels; ++x) V::store(out + x * V::lanes, sums[x]);
}

/// The same for at most eight `pixels`.
template <Element In, class V, int Most = 8>
void window_of(int pixels, const Geometry& g, const Operands& o, const Number<In>* in, const float* weights,
               const float* bias, float* out) {
    if (pixels == Most) return window<In, V, Most>(g, o, in, weights, bias, out);
    if constexpr (Most > 1) return window_of<In, V, Most - 1>(pixels, g, o, in, weights, bias, out);
}

/// The blocks of pixels of a picture. Sums are accumulated in blocks as large as those of Depthwise; the portable set's
/// are those of sets with many registers.
struct WindowBlocks {
    int rows, pixels, groups;

    explicit WindowBlocks(const Geometry& g) {
        const bool many = Wide::lanes == 4 || registers == 32 || (g.sums && g.exact);
        rows = many ? window_rows(g.window.y, g.out.shape.height) : 1;
        pixels = window_pixels(g.out.shape.width, many);
        groups = (g.out.shape.height + rows - 1) / rows;
    }
};

/// One vector of channels for some rows; if sums are wanted, in their order from the first on.
template <Element In, Element Out, class V>
void depthwise_block(const Geometry& g, const Operands& o, const WindowBlocks& blocks, int channel, int first,
                     int last) {
    const View &in = g.in, &out = g.out;
    typename V::type mean = g.sums && first > 0 ? V::load(o.sums + channel) : V::set(0);
    for (int top = first; top < last; top += blocks.rows) {
        const int bottom = std::min(top + blocks.rows, last);
        for (int x = 0; x < out.shape.width; x += blocks.pixels) {
            const int count = std::min(blocks.pixels, out.shape.width - x), all = (bottom - top) * count;
            float numbers[2 * 8 * V::lanes];
            for (int y = top; y < bottom; ++y)
                window_of<In, V>(
                    count, g, o,
                    o.in_as<In>() + channel +
                        in.pixel(y * g.window.y.stride - g.window.y.before, x * g.window.x.stride - g.window.x.before),
                    o.weights_as<Element::float32>() + channel, o.bias + channel,
                    numbers + (y - top) * count * V::lanes);
            activate_all(g.activation, numbers, all * V::lanes);
            auto total = V::set(0);
            for (int i = 0; i < all; ++i) {
                const auto number = V::load(numbers + i * V::lanes);
                total = total + number;
                write<Out, V>(o.out_as<Out>() + out.pixel(top + i / count, x + i % count) + channel, number,
                              o.out_quantization);
            }
            mean = mean + total;
        }
    }
    if (!g.sums) return;
    const bool ends = last == out.shape.height;
    V::store(o.sums + channel, ends ? mean * V::set(1.f / static_cast<float>(out.shape.pixels())) : mean);
}

/// Parts share the rows if there are more pixels than channels, else vectors of channels and groups of rows; only the
/// vectors if sums are wanted, which must not depend on the number of parts.
template <Element In, Element Out>
void depthwise(const Geometry& g, const Operands& o) {
    const WindowBlocks blocks(g);
    const int groups = blocks.groups, vectors = (g.panel + Wide::lanes - 1) / Wide::lanes;
    const auto whole = o.share(vectors);
    const auto mine = g.sums ? Operands::Range{whole.first * groups, whole.last * groups} : o.share(vectors * groups);
    const auto compute = [&](int channel, int first, int last) {
        if (channel + Wide::lanes <= g.panel) depthwise_block<In, Out, Wide>(g, o, blocks, channel, first, last);
        else depthwise_block<In, Out, Narrow>(g, o, blocks, channel, first, last);
    };
    if (o.by_rows(g)) {
        const auto rows = o.rows_of(g);
        for (int vector = 0; vector < vectors; ++vector) compute(vector * Wide::lanes, rows.first, rows.last);
        return;
    }
    for (int unit = mine.first; unit < mine.last;) {
        const int channel = unit / groups * Wide::lanes, first = unit % groups,
                  last = std::min(groups, first + mine.last - unit);
        compute(channel, first * blocks.rows, std::min(last * blocks.rows, g.out.shape.height));
        unit += last - first;
    }
}

}  // namespace taxon::cpu::TAXON_ISA::any_size
