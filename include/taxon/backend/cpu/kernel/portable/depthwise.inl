// Depthwise convolution: one window per channel.
namespace taxon::cpu::portable {

/// `Pixels` adjacent outputs for one vector of channels, before the activation.
template <Element In, int Pixels>
TAXON_NOINLINE void window(const Geometry& g, const Operands& o, const Number<In>* in, const float* weights,
                           const float* bias, float* out) {
    constexpr std::size_t pixels = Pixels;
    Wide::type sums[pixels];
    TAXON_UNROLL for (std::size_t x = 0; x < pixels; ++x) sums[x] = Wide::load(bias);
    const auto& [rows, taps] = g.window;
    const std::ptrdiff_t step = std::ptrdiff_t{taps.stride} * g.in.pitch;
    for (int ky = 0; ky < rows.size; ++ky)
        for (int kx = 0; kx < taps.size; ++kx, weights += g.panel) {
            const auto weight = Wide::load(weights);
            const auto* tap = in + g.in.pixel(ky * rows.dilation, kx * taps.dilation);
            TAXON_UNROLL for (std::size_t x = 0; x < pixels; ++x, tap += step) sums[x] =
                Wide::fma(read<In, Wide>(tap, o.in_quantization), weight, sums[x]);
        }
    TAXON_UNROLL for (std::size_t x = 0; x < pixels; ++x) Wide::store(out + x * Wide::lanes, sums[x]);
}

/// The same for at most eight `pixels`.
template <Element In, int Most = 8>
void window_of(int pixels, const Geometry& g, const Operands& o, const Number<In>* in, const float* weights,
               const float* bias, float* out) {
    if (pixels == Most) return window<In, Most>(g, o, in, weights, bias, out);
    if constexpr (Most > 1) return window_of<In, Most - 1>(pixels, g, o, in, weights, bias, out);
}

/// Parts share vectors of channels and groups of rows; only the vectors if sums are wanted, which must not depend on
/// the number of parts. Sums are accumulated in blocks as large as those of sets with many registers: see Depthwise.
template <Element In>
void depthwise(const Geometry& g, const Operands& o) {
    constexpr int lanes = Wide::lanes;
    const View &in = g.in, &out = g.out;
    const int width = out.shape.width, height = out.shape.height, rows = window_rows(g.window.y, height),
              groups = (height + rows - 1) / rows, vectors = g.panel / lanes, pixels = window_pixels(width, true);
    const auto whole = o.share(vectors);
    const auto mine = g.sums ? Operands::Range{whole.first * groups, whole.last * groups} : o.share(vectors * groups);
    Wide::type mean{};
    for (int unit = mine.first; unit < mine.last; ++unit) {
        const int channel = unit / groups * lanes, top = unit % groups * rows, bottom = std::min(top + rows, height);
        for (int x = 0; x < width; x += pixels) {
            const int count = std::min(pixels, width - x);
            float numbers[2 * 8 * lanes];
            for (int y = top; y < bottom; ++y)
                window_of<In>(
                    count, g, o,
                    o.in_as<In>() + channel +
                        in.pixel(y * g.window.y.stride - g.window.y.before, x * g.window.x.stride - g.window.x.before),
                    o.weights_as<Element::float32>() + channel, o.bias + channel, numbers + (y - top) * count * lanes);
            activate_all(g.activation, numbers, (bottom - top) * count * lanes);
            Wide::type total{};
            for (int i = 0; i < (bottom - top) * count; ++i) total = total + Wide::load(numbers + i * lanes);
            with_values(out.element, [&]<Element Out>() {
                const float* from = numbers;
                for (int y = top; y < bottom; ++y)
                    for (int i = 0; i < count; ++i, from += lanes)
                        write<Out, Wide>(o.out_as<Out>() + out.pixel(y, x + i) + channel, Wide::load(from),
                                         o.out_quantization);
            });
            mean = mean + total;
        }
        if (bottom < height) continue;
        if (g.sums) Wide::store(o.sums + channel, mean * Wide::set(1.f / static_cast<float>(out.shape.pixels())));
        mean = Wide::type{};
    }
}

template <Geometry G>
inline constexpr KernelCall depthwise_kernel = &depthwise<G.in.element>;

}  // namespace taxon::cpu::portable
