// Winograd's convolution F(4x4, 3x3): 36 multiplications for 16 outputs of a 3x3 window instead of 144, as 36 matrix
// products. The points are 0, ±√½, ±√2 and ∞: with them the error is about twice that of a direct sum, with 0, ±1, ±2
// and ∞ eight times.
namespace taxon::cpu::TAXON_ISA {

inline constexpr float sqrt2 = 1.41421356237309505f;

/// Six numbers at the points: a row of Bᵀ each.
template <class V>
TAXON_INLINE void to_points(const typename V::type (&x)[6], typename V::type (&r)[6]) {
    const auto even1 = V::fma(V::set(-2), x[2], x[4]), odd1 = V::fma(V::set(-sqrt2 / 2), x[3], V::set(sqrt2) * x[1]);
    const auto even2 = V::fma(V::set(-.5f), x[2], x[4]), odd2 = V::fma(V::set(-sqrt2 / 2), x[1], V::set(sqrt2) * x[3]);
    r[0] = V::fma(V::set(-2.5f), x[2], x[0]) + x[4];
    r[1] = even1 - odd1;
    r[2] = even1 + odd1;
    r[3] = even2 + odd2;
    r[4] = even2 - odd2;
    r[5] = V::fma(V::set(-2.5f), x[3], x[1]) + x[5];
}

/// Four outputs of six products: a row of Aᵀ each.
template <class V>
TAXON_INLINE void from_points(const typename V::type (&m)[6], typename V::type (&y)[4]) {
    const auto sum1 = m[1] + m[2], difference1 = m[1] - m[2], sum2 = m[3] + m[4], difference2 = m[3] - m[4];
    y[0] = m[0] + sum1 + sum2;
    y[1] = V::fma(V::set(sqrt2), difference2, V::set(sqrt2 / 2) * difference1);
    y[2] = V::fma(V::set(2), sum2, V::set(.5f) * sum1);
    y[3] = V::fma(V::set(2 * sqrt2), difference2, V::fma(V::set(sqrt2 / 4), difference1, m[5]));
}

/// The part of a tile that lies in the picture, or of its 6x6 inputs.
struct Inside {
    int rows, columns;
};

/// 6x6 pixels of `channels`, a multiple of the lanes, to 36 planes. Loops that are not unrolled leave the addresses in
/// registers.
template <Element In, class V>
TAXON_NOINLINE void transform_tile(const Number<In>* in, std::ptrdiff_t row, std::ptrdiff_t pixel, int channels,
                                   float* __restrict out, std::ptrdiff_t plane, const QuantizationParameters& as) {
    for (int c = 0; c < channels; c += V::lanes) {
        typename V::type x[6], r[6], w[6][6];
        const auto* from = in + c;
        for (int i = 0; i < 6; ++i, from += pixel) {
            TAXON_UNROLL for (int j = 0; j < 6; ++j) x[j] = read<In, V>(from + j * row, as);
            to_points<V>(x, r);
            TAXON_UNROLL for (int j = 0; j < 6; ++j) w[j][i] = r[j];
        }
        float* to = out + c;
        for (int j = 0; j < 6; ++j, to += 6 * plane) {
            to_points<V>(w[j], r);
            TAXON_UNROLL for (int i = 0; i < 6; ++i) V::store(to + i * plane, r[i]);
        }
    }
}

/// The same where the tile hangs over the picture's right or lower edge: what lies there is somebody else's, and counts
/// as zeros.
template <Element In, class V>
TAXON_NOINLINE void transform_edge(const Number<In>* in, std::ptrdiff_t row, std::ptrdiff_t pixel, Inside inside,
                                   int channels, float* __restrict out, std::ptrdiff_t plane,
                                   const QuantizationParameters& as) {
    float patch[6 * 6 * V::lanes] = {};
    for (int c = 0; c < channels; c += V::lanes) {
        for (int y = 0; y < inside.rows; ++y)
            for (int x = 0; x < inside.columns; ++x)
                V::store(patch + (6 * y + x) * V::lanes, read<In, V>(in + y * row + x * pixel + c, as));
        transform_tile<Element::float32, V>(patch, 6 * V::lanes, V::lanes, V::lanes, out + c, plane, as);
    }
}

/// Adds 36 planes of `channels` products up to 4x4 outputs, of which those inside the picture are written.
template <Tile T, class V>
TAXON_NOINLINE void assemble_tile(const float* in, std::ptrdiff_t plane, int channels, const float* bias,
                                  Number<T.out>* __restrict out, std::ptrdiff_t row, const Number<T.operand>* residual,
                                  std::ptrdiff_t residual_row, Inside inside, const Operands& o) {
    for (int c = 0; c < channels; c += V::lanes) {
        typename V::type m[6], y[4], w[4][6];
        const float* from = in + c;
        for (int i = 0; i < 6; ++i, from += plane) {
            TAXON_UNROLL for (int j = 0; j < 6; ++j) m[j] = V::load(from + 6 * j * plane);
            from_points<V>(m, y);
            TAXON_UNROLL for (int j = 0; j < 4; ++j) w[j][i] = y[j];
        }
        const auto shift = V::load(bias + c);
        for (int j = 0; j < inside.rows; ++j) {
            from_points<V>(w[j], y);
            auto* to = out + j * row + c;
            const auto* shortcut = residual + j * residual_row + c;
            TAXON_UNROLL for (int i = 0; i < 4; ++i) if (i < inside.columns)
                finish<T, V>(y[i] + shift, to + i * T.pixel_out, shortcut + i * T.pixel_residual, o);
        }
    }
}

inline constexpr float no_bias[detail::Winograd::panel] = {};

template <Geometry G>
struct WinogradConvolution {
    using Weight = Number<G.weights>;
    static constexpr View in = G.in, out = G.out, residual = G.operand;
    static constexpr detail::Winograd cut = detail::winograd(in.shape);
    static constexpr int depth = in.shape.channels;
    static constexpr int channels = round_up(out.shape.channels, 8), panels = (channels + G.panel - 1) / G.panel;

    /// The tiles of block `number` to `inputs`: (36, tile, channel).
    static void transform(const Operands& o, int number, int tiles, float* inputs) {
        constexpr int wide = round_up(depth, Narrow::lanes) / Wide::lanes * Wide::lanes,
                      narrow = round_up(depth, Narrow::lanes) - wide;
        for (int t = 0; t < tiles; ++t) {
            const int tile = number * cut.block + t, y = tile / cut.across * cut.tile, x = tile % cut.across * cut.tile;
            const Inside inside{std::min(cut.window, in.shape.height + 2 - y),
                                std::min(cut.window, in.shape.width + 2 - x)};
            const auto* from = o.in_as<in.element>() + in.pixel(y - 1, x - 1);
            float* to = inputs + t * cut.pitch;
            if (inside.rows == cut.window && inside.columns == cut.window) {
                transform_tile<in.element, Wide>(from, in.row(), in.pitch, wide, to, cut.input_plane,
                                                 o.in_quantization);
                if constexpr (narrow > 0)
                    transform_tile<in.element, Narrow>(from + wide, in.row(), in.pitch, narrow, to + wide,
                                                       cut.input_plane, o.in_quantization);
            } else {
                transform_edge<in.element, Wide>(from, in.row(), in.pitch, inside, wide, to, cut.input_plane,
                                                 o.in_quantization);
                if constexpr (narrow > 0)
                    transform_edge<in.element, Narrow>(from + wide, in.row(), in.pitch, inside, narrow, to + wide,
                                                       cut.input_plane, o.in_quantization);
            }
        }
    }

    /// All tiles of a block times a matrix, for the channels of a panel that fit a tile of registers. Weights come from
    /// memory faster than they are used, but only if many lines are asked for at a time: all runs over one matrix fetch
    /// a share of the next. That is worth a third of the time where a network's weights exceed the third cache.
    template <int Tiles, int Wides, int Narrows, int Width>
    TAXON_INLINE static void strip(const Operands& o, const float* inputs, const Weight* weights, float* products) {
        constexpr int most = most_rows<Dot<G.weights>>(Wides, Narrows);
        constexpr int runs = (Tiles + most - 1) / most, rows = (Tiles + runs - 1) / runs, rest = Tiles % rows;
        constexpr int line = 64 / static_cast<int>(sizeof(Weight)),
                      lines = (Wides * Wide::lanes + Narrows * Narrow::lanes + line - 1) / line,
                      share = (lines + runs - 1) / runs;
        constexpr auto block = [](int tiles) {
            return Tile{
                tiles, Wides, Narrows,   cut.pitch,        detail::Winograd::panel, 0,    Width, Activation::none,
                false, false, G.weights, Element::float32, Element::float32,        share};
        };
        Reach reach{1, 1, depth, 0, 0, depth * Width, Width};
        for (int t = 0; t < Tiles; t += rows, reach.ahead += line * share) {
            if (reach.ahead >= depth * Width + line * lines) reach.ahead = 0;  // all asked for
            const float* from = inputs + t * cut.pitch;
            float* to = products + t * cut.panel;
            if (rest == 0 || t + rows <= Tiles) tile<block(rows)>(from, reach, weights, no_bias, 0, to, no_bias, o);
            else tile<block(rest > 0 ? rest : rows)>(from, reach, weights, no_bias, 0, to, no_bias, o);
        }
    }

    template <int Tiles, int Width, int From = 0>
    TAXON_INLINE static void panel(const Operands& o, const float* inputs, const Weight* weights, float* products) {
        constexpr int vectors = (Width - From) / Wide::lanes, most = registers == 32 ? 4 : 2;
        constexpr int wides = std::min(vectors, most),
                      narrows = wides == vectors && (Width - From) % Wide::lanes ? 1 : 0;
        constexpr int next = From + wides * Wide::lanes + narrows * Narrow::lanes;
        strip<Tiles, wides, narrows, Width>(o, inputs, weights + From, products + From);
        if constexpr (next < Width) panel<Tiles, Width, next>(o, inputs, weights, products);
    }

    /// The products of a block with one panel of channels, added up to outputs.
    template <int Tiles, int Width>
    static void assemble(const Operands& o, int number, int channel, const float* products) {
        constexpr Tile form{1,
                            1,
                            0,
                            0,
                            out.pitch,
                            residual.pitch,
                            0,
                            G.activation,
                            G.residual,
                            G.activation_last,
                            G.weights,
                            out.element,
                            residual.element};
        constexpr int wide = Width / Wide::lanes * Wide::lanes;
        for (int t = 0; t < Tiles; ++t) {
            const int tile = number * cut.block + t, y = tile / cut.across * cut.tile, x = tile % cut.across * cut.tile;
            const Inside inside{std::min(cut.tile, out.shape.height - y), std::min(cut.tile, out.shape.width - x)};
            const float* from = products + t * cut.panel;
            const auto* shortcut = o.operand_as<residual.element>() + residual.pixel(y, x) + channel;
            auto* to = o.out_as<out.element>() + out.pixel(y, x) + channel;
            if constexpr (wide > 0)
                assemble_tile<form, Wide>(from, cut.product_plane, wide, o.bias + channel, to, out.row(), shortcut,
                                          residual.row(), inside, o);
            if constexpr (wide < Width)
                assemble_tile<form, Narrow>(from + wide, cut.product_plane, Width - wide, o.bias + channel + wide,
                                            to + wide, out.row(), shortcut + wide, residual.row(), inside, o);
        }
    }

    /// The outputs of a block for the channels of one panel.
    template <int Tiles, int Width>
    static void multiply(const Operands& o, int number, int channel, const float* inputs, float* products) {
        const Weight* weights = o.weights_as<G.weights>() + channel * G.depth;
        for (int q = 0; q < cut.products; ++q)
            panel<Tiles, Width>(o, inputs + q * cut.input_plane, weights + q * depth * Width,
                                products + q * cut.product_plane);
        assemble<Tiles, Width>(o, number, channel, products);
    }

    template <int Tiles>
    static void multiply(const Operands& o, int number, int p, const float* inputs, float* products) {
        constexpr int last = channels - (panels - 1) * G.panel;
        if constexpr (panels > 1)
            if (p < panels - 1) return multiply<Tiles, G.panel>(o, number, p * G.panel, inputs, products);
        multiply<Tiles, last>(o, number, p * G.panel, inputs, products);
    }

    /// Parts share the panels of all blocks. Those that share a block each transform it for themselves: that is a
    /// hundredth of the work on it, and they need not wait for each other.
    static void run(const Operands& o) {
        const int parts = std::min(o.parts, cut.most_parts), units = cut.blocks * panels;
        if (o.part >= parts) return;
        float *inputs = o.scratch + o.part * cut.part_size(), *products = inputs + cut.input_size();
        int transformed = -1;
        for (int unit = units * o.part / parts; unit < units * (o.part + 1) / parts; ++unit) {
            const int number = unit / panels;
            const bool last = number == cut.blocks - 1;
            if (number != transformed) transform(o, number, last ? cut.rest() : cut.block, inputs);
            transformed = number;
            if (last) multiply<cut.rest()>(o, number, unit % panels, inputs, products);
            else if constexpr (cut.blocks > 1) multiply<cut.block>(o, number, unit % panels, inputs, products);
        }
    }
};

}  // namespace taxon::cpu::TAXON_ISA
