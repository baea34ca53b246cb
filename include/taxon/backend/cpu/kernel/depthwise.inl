// Depthwise convolution: one window per channel.
namespace taxon::cpu::TAXON_ISA {

/// A block of output pixels in registers for one vector of channels. Distances are in numbers.
struct WindowBlock {
    int rows, pixels;
    WindowAxis y, x;
    int row_in, pixel_in, row_out, pixel_out, channels;
    Activation activation;
    bool sums;
    Element in, out;
};

template <WindowBlock W, class V>
TAXON_INLINE void window(const Number<W.in>* in, const float* weights, const float* bias, Number<W.out>* __restrict out,
                         float* sum, const Operands& o) {
    constexpr std::size_t rows = W.rows, pixels = W.pixels, loads = (W.pixels - 1) * W.x.stride + W.x.reach();
    typename V::type sums[rows][pixels];
    TAXON_UNROLL for (int r = 0; r < W.rows; ++r) TAXON_UNROLL for (int x = 0; x < W.pixels; ++x) sums[r][x] =
        V::load(bias);
    TAXON_UNROLL for (int y = 0; y < (W.rows - 1) * W.y.stride + W.y.size; ++y) {
#if defined(__aarch64__)
        // rows share weights, which GCC keeps for the next one: registers hold a 3x3 window's, not a 5x5's
        if constexpr (W.x.size > 3) __asm__("" : "+r"(weights));
#endif
        typename V::type line[loads];
        TAXON_UNROLL for (std::size_t x = 0; x < loads; ++x) line[x] =
            read<W.in, V>(in + y * W.y.dilation * W.row_in + static_cast<int>(x) * W.pixel_in, o.in_quantization);
        TAXON_UNROLL for (int r = 0; r < W.rows; ++r) if (const int ky = y - r * W.y.stride; ky >= 0 && ky < W.y.size)
            TAXON_UNROLL for (int kx = 0; kx < W.x.size; ++kx) {
            const auto weight = V::load(weights + (ky * W.x.size + kx) * W.channels);
            TAXON_UNROLL for (int x = 0; x < W.pixels; ++x) sums[r][x] =
                V::fma(line[x * W.x.stride + kx * W.x.dilation], weight, sums[r][x]);
        }
    }
    [[maybe_unused]] typename V::type total = V::set(0);
    TAXON_UNROLL for (int r = 0; r < W.rows; ++r) TAXON_UNROLL for (int x = 0; x < W.pixels; ++x) {
        const auto value = activate<W.activation, V>(sums[r][x]);
        write<W.out, V>(out + r * W.row_out + x * W.pixel_out, value, o.out_quantization);
        if constexpr (W.sums) total = total + value;
    }
    if constexpr (W.sums) V::store(sum, V::load(sum) + total);
}

template <Geometry G>
struct Depthwise {
    static constexpr View in = G.in, out = G.out;
    static constexpr int channels = G.panel, width = out.shape.width, height = out.shape.height;
    /// Exact sums are accumulated in the same blocks everywhere, even where registers hold less than one.
    static constexpr bool many = registers == 32 || (G.sums && G.exact);
    static constexpr int pixels = window_pixels(width, many), rest = width % pixels;
    static constexpr int rows = many ? window_rows(G.window.y, height) : 1, groups = (height + rows - 1) / rows;

    /// Groups of rows that stay in L2 until the last vector of channels has read its part of their cache lines: 96
    /// channels of 112x112 pixels, 4.8 MB, would come from L3 once for each vector of eight.
    static constexpr int band_bytes = 256 * 1024,
                         group_bytes = rows * (G.window.y.stride * in.row() * static_cast<int>(size_of(in.element)) +
                                               out.row() * static_cast<int>(size_of(out.element))),
                         band = std::clamp(band_bytes / group_bytes, 1, groups);

    template <class V, int Rows>
    TAXON_INLINE static void line(const Operands& o, int channel, int y) {
        constexpr auto block = [](int count) {
            return WindowBlock{Rows,
                               count,
                               G.window.y.unpadded(),
                               G.window.x.unpadded(),
                               in.row(),
                               in.pitch,
                               out.row(),
                               out.pitch,
                               channels,
                               G.activation,
                               G.sums,
                               in.element,
                               out.element};
        };
        const float* weights = o.weights_as<Element::float32>() + channel;
        const auto* from =
            o.in_as<in.element>() + in.pixel(y * G.window.y.stride - G.window.y.before, -G.window.x.before) + channel;
        auto* to = o.out_as<out.element>() + out.pixel(y, 0) + channel;
        int x = 0;
        for (; x + pixels <= width; x += pixels)
            window<block(pixels), V>(from + x * G.window.x.stride * in.pitch, weights, o.bias + channel,
                                     to + x * out.pitch, o.sums + channel, o);
        if constexpr (rest > 0)
            window<block(rest), V>(from + x * G.window.x.stride * in.pitch, weights, o.bias + channel,
                                   to + x * out.pitch, o.sums + channel, o);
    }

    /// One vector of channels over rows of the picture: the weights stay in L1. The last ones that are computed at once
    /// may begin among those before, so there are at least as many, or, in a chain, the row before is there, too, and
    /// what it is computed of.
    template <class V>
    TAXON_NOINLINE static void block(const Operands& o, int channel, int first, int last) {
        for (int y = first; y < last; y += rows) {
            if constexpr (height % rows != 0)
                if (y + rows > height) return line<V, 1>(o, channel, y);
            line<V, rows>(o, channel, std::min(y, last - rows));
        }
    }

    /// One vector of channels in the lines of a band. Parts share the lines if there are more pixels than channels,
    /// else the vectors. The vector at the border between two parts is split by rows, but not if sums are wanted: they
    /// must not depend on the number of parts.
    template <class V>
    TAXON_INLINE static void share_block(const Operands& o, int channel, Operands::Range lines, bool by_lines) {
        if (by_lines) return block<V>(o, channel, lines.first, lines.last);
        const auto cut = [&](int border) {
            if (G.sums) return border <= channel ? 0 : groups;
            return border <= channel              ? 0
                   : border >= channel + V::lanes ? groups
                                                  : (border - channel) * groups / V::lanes;
        };
        const auto mine = o.share(channels);
        const int first = std::max(cut(mine.first) * rows, lines.first),
                  last = std::min(cut(mine.last) * rows, lines.last);
        if (first >= last) return;
        if constexpr (G.sums)
            if (first == 0) std::memset(o.sums + channel, 0, sizeof(float) * V::lanes);
        block<V>(o, channel, first, last);
        if constexpr (G.sums)
            if (last == height)
                V::store(o.sums + channel,
                         V::load(o.sums + channel) * V::set(1.f / static_cast<float>(out.shape.pixels())));
    }

    static void run(const Geometry& g, const Operands& o) {
        const bool by_lines = o.by_rows(g) && !G.sums;
        const auto mine = o.by_rows(g) ? o.rows_of(g) : Operands::Range{0, height};
        for (int first = mine.first; first < mine.last; first += band * rows) {
            const Operands::Range lines{first, std::min(first + band * rows, mine.last)};
            int channel = 0;
            for (; channel + Wide::lanes <= channels; channel += Wide::lanes)
                share_block<Wide>(o, channel, lines, by_lines);
            if constexpr (channels % Wide::lanes != 0) share_block<Narrow>(o, channel, lines, by_lines);
        }
    }
};

template <Geometry G>
inline constexpr KernelCall depthwise_kernel = &Depthwise<G>::run;

}  // namespace taxon::cpu::TAXON_ISA
