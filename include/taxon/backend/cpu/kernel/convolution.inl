// Convolution as an implicit matrix product over (H, W, C): 1x1 convolutions, tokens times a matrix, and dense windows.
namespace taxon::cpu::TAXON_ISA {

/// A register tile: `rows` pixels by `wides` + `narrows` vectors of channels. Strides are in floats.
struct Tile {
    int rows, wides, narrows;
    int pixel_in, pixel_out, pixel_residual, panel;
    Activation activation;
    bool residual, activation_last;
    Element weights = Element::float32, out = Element::float32, operand = Element::float32;
    int fetched_lines = 0;  ///< of weights, prefetched per group of inputs: see Reach
    /// a partial float sum: continued from `out` unless it starts here, left in `out` unless it ends here
    bool starts = true, ends = true;
};

/// The reduction of a pixel: `rows` times `taps` runs of `length` inputs each, and the distances between them.
struct Reach {
    int rows, taps, length;
    std::ptrdiff_t row_step, tap_step;
    /// distance from a tile's first weights to those prefetched for a later one; its stride from group to group
    std::ptrdiff_t ahead = 0, ahead_step = 0;
};

template <Tile T, class V>
TAXON_INLINE void finish(typename V::type sum, Number<T.out>* out, const Number<T.operand>* residual,
                         const Operands& o) {
    if constexpr (!T.ends) return V::store(out, sum);
    if constexpr (!T.activation_last) sum = activate<T.activation, V>(sum);
    if constexpr (T.residual) sum = sum + read<T.operand, V>(residual, o.operand_quantization);
    if constexpr (T.activation_last) sum = activate<T.activation, V>(sum);
    write<T.out, V>(out, sum, o.out_quantization);
}

/// Epilogue of an accumulator: integers are multiplied by their scale, which lies `steps` floats after the bias.
template <class D, class V>
TAXON_INLINE typename V::type value(typename V::type sum, const float* bias, int steps) {
    if constexpr (D::exact) return V::fma(sum, V::load(bias + steps), V::load(bias));
    else return sum;
}

/// The narrow vectors of two pixels share a register (24 channels reach 95 % of a Zen 5's peak this way, 65 % with one
/// register each).
template <Tile T, class Tail = Pair>
TAXON_NOINLINE void tile(const typename Dot<T.weights>::Number* in, const Reach& reach,
                         const Number<T.weights>* weights, const float* bias, int steps, Number<T.out>* __restrict out,
                         const Number<T.operand>* residual, const Operands& o) {
    using D = Dot<T.weights>;
    using Sum = typename D::Sum;
    constexpr std::size_t rows = T.rows, wides = T.wides > 0 ? T.wides : 1,
                          pairs = T.narrows > 0 ? (T.rows + 1) / 2 : 1;
    constexpr int fold = D::fold, line = 64 / static_cast<int>(sizeof(*weights)), tail_channel = T.wides * Wide::lanes;
    Sum sums[rows][wides];
    [[maybe_unused]] Sum tails[pairs];
    TAXON_UNROLL for (int i = 0; i < T.rows; ++i) {
        TAXON_UNROLL for (int j = 0; j < T.wides; ++j) {
            if constexpr (D::exact) sums[i][j] = Sum{};
            else if constexpr (T.starts) sums[i][j] = D::load(bias + j * Wide::lanes);
            else sums[i][j] = D::load(out + i * T.pixel_out + j * Wide::lanes);
        }
        if constexpr (T.narrows > 0 && D::exact) tails[i / 2] = Sum{};
        else if constexpr (T.narrows > 0) tails[i / 2] = D::load_twice(bias + tail_channel);
    }
    [[maybe_unused]] const auto* ahead = weights + reach.ahead;
    for (int row = 0; row < reach.rows; ++row)
        for (int tap = 0; tap < reach.taps; ++tap) {
            const auto* run = in + row * reach.row_step + tap * reach.tap_step;
            for (int k = 0; k < reach.length; k += fold, weights += fold * T.panel, ahead += reach.ahead_step) {
                typename D::Column columns[wides];
                [[maybe_unused]] typename D::Column tail;
                TAXON_UNROLL for (int j = 0; j < T.wides; ++j) columns[j] = D::column(weights + j * fold * Wide::lanes);
                if constexpr (T.narrows > 0) tail = D::column_twice(weights + tail_channel * fold);
                TAXON_UNROLL for (int j = 0; j < T.fetched_lines; ++j) __builtin_prefetch(ahead + j * line);
                TAXON_UNROLL for (int i = 0; i < T.rows; ++i) {
                    const auto* pixel = run + i * T.pixel_in + k;
                    if constexpr (T.wides > 0) {
                        const auto x = D::broadcast(pixel);
                        TAXON_UNROLL for (int j = 0; j < T.wides; ++j) sums[i][j] = D::dot(x, columns[j], sums[i][j]);
                    }
                    if constexpr (T.narrows > 0)
                        if (i % 2 == 1 || i == T.rows - 1)
                            tails[i / 2] =
                                D::dot(D::broadcast_pair(run + (i & ~1) * T.pixel_in + k, pixel), tail, tails[i / 2]);
                }
            }
        }
    TAXON_UNROLL for (int i = 0; i < T.rows; ++i) {
        TAXON_UNROLL for (int j = 0; j < T.wides; ++j) {
            const auto sum = value<D, Wide>(D::to_float(sums[i][j]), bias + j * Wide::lanes, steps);
            finish<T, Wide>(sum, out + i * T.pixel_out + j * Wide::lanes,
                            residual + i * T.pixel_residual + j * Wide::lanes, o);
        }
        if constexpr (T.narrows > 0) {
            const auto both = D::to_float(tails[i / 2]);
            const auto sum =
                value<D, Narrow>(i % 2 == 0 ? Tail::low(both) : Tail::high(both), bias + tail_channel, steps);
            finish<T, Narrow>(sum, out + i * T.pixel_out + tail_channel, residual + i * T.pixel_residual + tail_channel,
                              o);
        }
    }
}

/// Pixels per tile: as many as the registers hold beside the vectors of a column and a pixel's numbers, at most 16.
/// Without a register for the latter every product reloads them, and the limit is two loads per cycle (7x4 tiles: 88 %
/// of a Zen 5's peak, 6x4: 99 %).
template <class D>
constexpr int most_rows(int wides, int narrows) {
    const int room = registers - wides * D::column_registers - D::spread_registers;
    if (narrows > 0) return std::min(16, 2 * (room - 2) / (2 * wides + 1));
    return std::max(1, std::min(16, wides > 0 ? room / wides : 16));
}

/// The tile sizes that take the fewest cycles for `pixels`, at two products per cycle; a tile of fewer than eight
/// products is bound by latency.
template <class D>
constexpr int tile_rows(int pixels, int wides, int narrows) {
    const auto products = [&](int rows) {
        return rows == 0 ? 0 : std::max(rows * wides + (rows + 1) / 2 * narrows, 8) + 1;
    };
    const auto cost = [&](int rows) { return pixels / rows * products(rows) + products(pixels % rows); };
    int best = std::min(most_rows<D>(wides, narrows), pixels);
    for (int rows = best; rows > 0; --rows)
        if (cost(rows) < cost(best)) best = rows;
    return best;
}

template <Geometry G>
struct Convolution {
    using Weight = Number<G.weights>;
    static_assert(std::is_same_v<Number<G.in.element>, typename Dot<G.weights>::Number>);
    static constexpr View in = G.in, out = G.out, residual = G.operand;
    // the length is not known at compile time
    static constexpr bool tokens = out.shape.sequence;
    // rows are contiguous
    static constexpr bool flat = tokens || (G.size == 1 && G.stride == 1 && in.halo + out.halo + residual.halo == 0);
    static constexpr int lines = flat ? 1 : out.shape.height, line = tokens ? 1 << 20
                                                                     : flat ? out.shape.pixels()
                                                                            : out.shape.width;
    static constexpr int fold = Dot<G.weights>::fold;
    static constexpr int channels = round_up(out.shape.channels, 8),
                         last = channels % G.panel ? channels % G.panel : G.panel;
    static constexpr bool runs = taxon::detail::rows_are_runs(in, G.size);
    static constexpr Reach whole{G.size, runs ? 1 : G.size, taxon::detail::run_length(in, G.size, G.weights), in.row(),
                                 in.pitch};

    /// Blocking of deep reductions, so that the weights of a block and of the next one, prefetched meanwhile, stay in
    /// L2: by rows of a window, or by equal runs of inputs. In full vectors only, and only where `out` can hold a
    /// partial sum.
    static constexpr int wanted =
        (G.depth * G.panel * static_cast<int>(sizeof(Weight)) + 256 * 1024 - 1) / (256 * 1024);
    static constexpr bool divides = G.size > 1 || whole.length % wanted == 0;
    static constexpr int blocks =
        wanted == 1 || fold > 1 || out.element != Element::float32 || G.in_place || channels % 16 != 0 || !divides ? 1
        : G.size > 1 ? G.size
                     : wanted;
    static constexpr int block_depth = G.depth / blocks;
    static constexpr Reach reach{G.size > 1 ? G.size / blocks : 1, whole.taps,
                                 G.size > 1 ? whole.length : whole.length / blocks, whole.row_step, whole.tap_step};

    /// True if parts share the pixels, each reading all weights, rather than the channels, each reading all pixels:
    /// whichever reads less.
    TAXON_INLINE static bool by_pixels(const Operands& o) {
        return tokens ? o.length > channels : out.shape.pixels() * out.pitch > G.depth * channels;
    }

    /// This part's share of the `count` rows of tiles for a panel. If channels are shared, the panel at the border
    /// between two parts is split by rows.
    static Operands::Range share(const Operands& o, int channel, int width, int count) {
        if (by_pixels(o)) return o.share(count);
        const auto cut = [&](int border) {
            return border <= channel ? 0 : border >= channel + width ? count : (border - channel) * count / width;
        };
        const auto mine = o.share(channels);
        return {cut(mine.first), cut(mine.last)};
    }

    /// This part's pixels for the channels from `channel` on that fit a tile, in the panel that starts at
    /// `panel_channel`.
    template <int Wides, int Narrows, int Panel, int Block>
    TAXON_INLINE static void strip(const Operands& o, const Weight* weights, int panel_channel, int channel) {
        constexpr int rows = tile_rows<Dot<G.weights>>(line, Wides, Narrows), rest = tokens ? 1 : line % rows;
        constexpr auto block = [](int pixels) {
            return Tile{pixels,
                        Wides,
                        Narrows,
                        G.stride * in.pitch,
                        out.pitch,
                        residual.pitch,
                        Panel,
                        G.activation,
                        G.residual,
                        G.activation_last,
                        G.weights,
                        out.element,
                        residual.element,
                        1,
                        Block == 0,
                        Block == blocks - 1};
        };
        constexpr Tile full = block(rows);
        const int pixels = tokens ? o.length : line;
        const int tiles = std::max(1, (flat ? (pixels + rows - 1) / rows : lines * (line / rows + (rest > 0))) /
                                          (by_pixels(o) ? o.parts : 1));
        Reach run = reach;
        run.ahead = block_depth * Panel - fold * (channel - panel_channel),
        run.ahead_step = (fold * Panel + tiles - 1) / tiles;
        const auto at = [&]<Tile T>(int y, int x) {
            tile<T>(o.in_as<in.element>() + (G.size > 1 ? Block * in.row() : Block * reach.length) +
                        in.pixel(y * G.stride - G.padding, -G.padding) + x * T.pixel_in,
                    run, weights + Block * block_depth * Panel, o.bias + channel, round_up(out.shape.channels, 32),
                    o.out_as<out.element>() + out.pixel(y, 0) + channel + x * T.pixel_out,
                    o.operand_as<residual.element>() + residual.pixel(y, 0) + channel + x * T.pixel_residual, o);
            run.ahead += block_depth / fold * run.ahead_step;
        };
        if constexpr (flat) {
            // For an unknown number of tokens, the last tiles have one pixel less than the others if that covers the
            // remainder exactly.
            constexpr Tile less = block(tokens && rows > 1 ? rows - 1 : 1);
            const int count = (pixels + rows - 1) / rows, missing = count * rows - pixels,
                      first_less = tokens && missing <= count ? count - missing : count;
            const auto mine = share(o, panel_channel, Panel, count);
            for (int b = mine.first; b < mine.last; ++b) {
                int x = b * rows - std::max(0, b - first_less);
                if (b < first_less && x + rows <= pixels) at.template operator()<full>(0, x);
                else if constexpr (!tokens) at.template operator()<block(rest > 0 ? rest : 1)>(0, x);
                else if (b >= first_less) at.template operator()<less>(0, x);
                else
                    for (; x < pixels; ++x) at.template operator()<block(1)>(0, x);
            }
        } else {
            const auto mine = share(o, panel_channel, Panel, lines);
            for (int y = mine.first; y < mine.last; ++y) {
                int x = 0;
                for (; x + rows <= pixels; x += rows) at.template operator()<full>(y, x);
                if constexpr (rest > 0) at.template operator()<block(rest)>(y, x);
            }
        }
    }

    /// A packed panel, in strips of as many vectors as suit this instruction set's registers.
    template <int Width, int Block = 0, int From = 0>
    TAXON_INLINE static void panel(const Operands& o, int channel) {
        constexpr int vectors = (Width - From) / Wide::lanes, most = registers == 32 ? 4 : 3,
                      strips = (vectors + most - 1) / most;
        constexpr int wides = strips > 1 ? (vectors + strips - 1) / strips : vectors;
        constexpr int narrows = strips <= 1 && (Width - From) % Wide::lanes ? 1 : 0,
                      next = From + wides * Wide::lanes + narrows * Narrow::lanes;
        strip<wides, narrows, Width, Block>(o, o.weights_as<G.weights>() + channel * G.depth + From * fold, channel,
                                            channel + From);
        if constexpr (next < Width) panel<Width, Block, next>(o, channel);
        else if constexpr (Block + 1 < blocks) panel<Width, Block + 1>(o, channel);
    }

    static void run(const Geometry&, const Operands& o) {
        int channel = 0;
        if constexpr (channels > last)
            for (; channel < channels - last; channel += G.panel) panel<G.panel>(o, channel);
        panel<last>(o, channel);
    }
};

template <Geometry G>
inline constexpr KernelCall convolution_kernel = &Convolution<G>::run;

}  // namespace taxon::cpu::TAXON_ISA
