// Winograd's convolution F(4x4, 3x3): 36 multiplications for 16 outputs of a 3x3 window instead of 144, as 36 matrix
// products.
namespace taxon::cpu::TAXON_ISA {

/// Transforms 36 planes of `channels` products to 4x4 outputs and writes those inside the picture.
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

    /// All tiles of a block times a matrix, for the channels of a panel that fit a register tile. Weights arrive from
    /// memory faster than they are used, but only if many lines are in flight: each pass over one matrix prefetches a
    /// share of the next. That is worth a third of the time where a network's weights exceed L3.
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
            if (reach.ahead >= depth * Width + line * lines) reach.ahead = 0;  // all prefetched
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

    /// The products of a block with one panel of channels, transformed to outputs.
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
    /// hundredth of the block's work, and saves a barrier.
    static void run(const Geometry&, const Operands& o) {
        const int parts = std::min(o.parts, cut.most_parts), units = cut.blocks * panels;
        if (o.part >= parts) return;
        float *inputs = o.scratch + o.part * cut.part_size(), *products = inputs + cut.input_size();
        int transformed = -1;
        for (int unit = units * o.part / parts; unit < units * (o.part + 1) / parts; ++unit) {
            const int number = unit / panels;
            const bool last = number == cut.blocks - 1;
            if (number != transformed)
                transform_block<in.element>(G, cut, o, number, last ? cut.rest() : cut.block, inputs);
            transformed = number;
            if (last) multiply<cut.rest()>(o, number, unit % panels, inputs, products);
            else if constexpr (cut.blocks > 1) multiply<cut.block>(o, number, unit % panels, inputs, products);
        }
    }
};

template <Geometry G>
inline constexpr KernelCall winograd_kernel = &WinogradConvolution<G>::run;

}  // namespace taxon::cpu::TAXON_ISA
