// Convolution as an implicit matrix product over (H, W, C): 1x1 convolutions, tokens times a matrix, and dense windows.
// A register tile is compiled for its size and types; strides and depths are run-time arguments, so layers of different
// shapes share tiles.
namespace taxon::cpu::TAXON_ISA {

/// The epilogue of a finished accumulator.
struct Epilogue {
    Activation activation = Activation::none;
    bool residual = false, activation_last = false;
    Element out = Element::float32, operand = Element::float32;
    constexpr Epilogue() = default;
    constexpr explicit Epilogue(const Geometry& g)
        : activation(g.activation), residual(g.residual), activation_last(g.activation_last), out(g.out.element),
          operand(g.operand.element) {}
};

/// A register tile: `rows` pixels by `wides` + `narrows` vectors of channels.
struct Tile {
    int rows, wides, narrows;
    Element weights;
    Epilogue epilogue;
    int fetched_lines;  ///< of weights, prefetched per group of inputs: see Reach
    /// a partial float sum: continued from `out` unless it starts here, left in `out` unless it ends here
    bool starts = true, ends = true;
};

/// The reduction of a pixel: `rows` times `taps` runs of `length` inputs each, and the distances between them.
struct Reach {
    int rows, taps, length;
    std::ptrdiff_t row_step, tap_step;
    int panel = 0;  ///< outputs whose weights lie side by side
    /// distance from a tile's first weights to those prefetched for a later one; its stride from group to group
    std::ptrdiff_t ahead = 0, ahead_step = 0;
};

/// Arguments that consecutive tiles share.
struct TileRun {
    std::ptrdiff_t in_pitch, out_pitch, residual_pitch;  ///< elements from pixel to pixel
    Reach reach;
    const std::byte* weights;
    const float* bias;
    int steps;  ///< floats from the bias to the scales of integer accumulators
    const Operands* operands;
};

template <Epilogue E, class V>
TAXON_INLINE void finish(typename V::type sum, Number<E.out>* out, const Number<E.operand>* residual,
                         const Operands& o) {
    if constexpr (!E.activation_last) sum = activate<E.activation, V>(sum);
    if constexpr (E.residual) sum = sum + read<E.operand, V>(residual, o.operand_quantization);
    if constexpr (E.activation_last) sum = activate<E.activation, V>(sum);
    write<E.out, V>(out, sum, o.out_quantization);
}

/// Epilogue of an accumulator: integers are multiplied by their scale, which lies `steps` floats after the bias.
template <class D, class V>
TAXON_INLINE typename V::type value(typename V::type sum, const float* bias, int steps) {
    if constexpr (D::exact) return V::fma(sum, V::load(bias + steps), V::load(bias));
    else return sum;
}

/// Addresses of pixels `stride` elements apart, by odd multiples of the stride: x86 addressing scales a register by up
/// to eight, so only the ninth pixel needs a second pointer to be moved at every step.
template <class Number, int Rows>
class PixelRows {
  public:
    TAXON_INLINE explicit PixelRows(std::ptrdiff_t stride) : second_(8 * stride) {
        TAXON_UNROLL for (int i = 1; i < (Rows < 8 ? Rows : 8); i += 2) {
            odd_[i / 2] = i * stride * static_cast<std::ptrdiff_t>(sizeof(Number));
            __asm__("" : "+r"(odd_[i / 2]));  // keeps compilers from deriving them anew inside the loop
        }
    }
    TAXON_INLINE void start(const Number* run) { runs_[0] = run, runs_[1] = Rows > 8 ? run + second_ : run; }
    TAXON_INLINE void advance(int numbers) { runs_[0] += numbers, runs_[1] += Rows > 8 ? numbers : 0; }
    TAXON_INLINE const Number* operator[](int row) const {
        const int i = row % 8, shift = i % 4 == 0 ? i / 4 * 2 : i % 2 == 0;
        const auto* run = reinterpret_cast<const std::byte*>(runs_[row / 8]);
        return reinterpret_cast<const Number*>(i == 0 ? run : run + odd_[(i >> shift) / 2] * (1 << shift));
    }

  private:
    std::ptrdiff_t second_, odd_[4] = {};
    const Number* runs_[2] = {};
};

/// The narrow vectors of two pixels share a register (24 channels reach 95 % of a Zen 5's peak this way, 65 % with one
/// register each).
template <Tile T, class Tail = Pair>
TAXON_NOINLINE void tile(const std::byte* in_bytes, std::byte* out_bytes, const std::byte* residual_bytes,
                         const TileRun& run) {
    using D = Dot<T.weights>;
    using Sum = typename D::Sum;
    using In = typename D::Number;
    constexpr std::size_t rows = T.rows, wides = T.wides > 0 ? T.wides : 1,
                          pairs = T.narrows > 0 ? (T.rows + 1) / 2 : 1;
    constexpr int fold = D::fold, line = 64 / static_cast<int>(sizeof(Number<T.weights>)),
                  tail_channel = T.wides * Wide::lanes;
    const auto* in = reinterpret_cast<const In*>(in_bytes);
    const auto* weights = reinterpret_cast<const Number<T.weights>*>(run.weights);
    auto* __restrict out = reinterpret_cast<Number<T.epilogue.out>*>(out_bytes);
    const auto* residual = reinterpret_cast<const Number<T.epilogue.operand>*>(residual_bytes);
    const float* bias = run.bias;
    const Reach& reach = run.reach;
    [[maybe_unused]] const std::ptrdiff_t out_pitch = run.out_pitch, residual_pitch = run.residual_pitch;
    Sum sums[rows][wides];
    [[maybe_unused]] Sum tails[pairs];
    TAXON_UNROLL for (int i = 0; i < T.rows; ++i) {
        TAXON_UNROLL for (int j = 0; j < T.wides; ++j) {
            if constexpr (D::exact) sums[i][j] = Sum{};
            else if constexpr (T.starts) sums[i][j] = D::load(bias + j * Wide::lanes);
            else sums[i][j] = D::load(out + i * out_pitch + j * Wide::lanes);
        }
        if constexpr (T.narrows > 0 && D::exact) tails[i / 2] = Sum{};
        else if constexpr (T.narrows > 0) tails[i / 2] = D::load_twice(bias + tail_channel);
    }
    [[maybe_unused]] const auto* ahead = weights + reach.ahead;
    const std::ptrdiff_t panel = std::ptrdiff_t{fold} * reach.panel, panels = panel * (reach.length / fold),
                         ahead_step = reach.ahead_step;
    PixelRows<In, T.rows> pixels(run.in_pitch);
    for (int row = 0; row < reach.rows; ++row)
        for (int tap = 0; tap < reach.taps; ++tap) {
            pixels.start(in + row * reach.row_step + tap * reach.tap_step);
            for (const auto* end = weights + panels; weights != end;
                 pixels.advance(fold), weights += panel, ahead += ahead_step) {
                typename D::Column columns[wides];
                [[maybe_unused]] typename D::Column tail;
                TAXON_UNROLL for (int j = 0; j < T.wides; ++j) columns[j] = D::column(weights + j * fold * Wide::lanes);
                if constexpr (T.narrows > 0) tail = D::column_twice(weights + tail_channel * fold);
                TAXON_UNROLL for (int j = 0; j < T.fetched_lines; ++j) __builtin_prefetch(ahead + j * line);
                TAXON_UNROLL for (int i = 0; i < T.rows; ++i) {
                    if constexpr (T.wides > 0) {
                        const auto x = D::broadcast(pixels[i]);
                        TAXON_UNROLL for (int j = 0; j < T.wides; ++j) sums[i][j] = D::dot(x, columns[j], sums[i][j]);
                    }
                    if constexpr (T.narrows > 0)
                        if (i % 2 == 1 || i == T.rows - 1)
                            tails[i / 2] = D::dot(D::broadcast_pair(pixels[i & ~1], pixels[i]), tail, tails[i / 2]);
                }
            }
        }
    TAXON_UNROLL for (int i = 0; i < T.rows; ++i) {
        auto* to = out + i * out_pitch;
        const auto* shortcut = residual + i * residual_pitch;
        TAXON_UNROLL for (int j = 0; j < T.wides; ++j) {
            const auto sum = value<D, Wide>(D::to_float(sums[i][j]), bias + j * Wide::lanes, run.steps);
            if constexpr (!T.ends) Wide::store(to + j * Wide::lanes, sum);
            else finish<T.epilogue, Wide>(sum, to + j * Wide::lanes, shortcut + j * Wide::lanes, *run.operands);
        }
        if constexpr (T.narrows > 0) {
            const auto both = D::to_float(tails[i / 2]);
            const auto sum =
                value<D, Narrow>(i % 2 == 0 ? Tail::low(both) : Tail::high(both), bias + tail_channel, run.steps);
            finish<T.epilogue, Narrow>(sum, to + tail_channel, shortcut + tail_channel, *run.operands);
        }
    }
}
using TileCall = void (*)(const std::byte*, std::byte*, const std::byte*, const TileRun&);

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

/// As many vectors of a panel as suit the registers, and their tiles: of `rows` pixels; of the `rest` of a line or, for
/// an unknown number of tokens, of one less; of one token.
struct Strip {
    int from = 0, width = 0, rows = 0, rest = 0;
    TileCall full = nullptr, fewer = nullptr, one = nullptr;
};

/// A packed panel, in strips.
struct Panel {
    int width = 0, count = 0;
    Strip strips[4] = {};
};

/// The constants of a convolution's geometry: its tiles, and the blocking of deep reductions.
struct ConvolutionPlan {
    bool tokens, flat;                      ///< the length is a run-time argument; rows are contiguous
    int lines, line, channels;              ///< lines of pixels; pixels of each; outputs in whole vectors
    int blocks, block_depth, block_groups;  ///< of deep sums
    std::ptrdiff_t block_step;              ///< inputs from block to block
    Reach reach;                            ///< of a block
    /// Of a first block, of one between, of a last one: all panels but the last, and that.
    std::array<const Panel*, 2> panels[3];
};

/// One part's share of a convolution. Parts share the pixels, each reading all weights, or the channels, each reading
/// all pixels: whichever reads less.
class ConvolutionPart {
  public:
    TAXON_INLINE ConvolutionPart(const ConvolutionPlan& plan, const Geometry& g, const Operands& o)
        : plan_(plan), g_(g), o_(o), in_size_(static_cast<int>(size_of(g.in.element))),
          out_size_(static_cast<int>(size_of(g.out.element))),
          residual_size_(static_cast<int>(size_of(g.operand.element))),
          weight_size_(static_cast<int>(size_of(g.weights))), pixels_(plan.tokens ? o.length : plan.line),
          by_pixels_(plan.tokens ? o.length > plan.channels
                                 : g.out.shape.pixels() * g.out.pitch > g.depth * plan.channels) {}

    TAXON_INLINE void run() const {
        for (int channel = 0; channel < plan_.channels; channel += g_.panel)
            for (int block = 0; block < plan_.blocks; ++block) {
                const auto& panels = plan_.panels[block == 0 ? 0 : block < plan_.blocks - 1 ? 1 : 2];
                const Panel& panel = *panels[channel + g_.panel < plan_.channels ? 0 : 1];
                for (int i = 0; i < panel.count; ++i) strip(panel.width, panel.strips[i], channel, block);
            }
    }

  private:
    /// Start of a tile.
    struct Place {
        const std::byte *in, *residual;
        std::byte* out;
    };

    Place place(int block, int channel, int y, int x) const {
        const View &in = g_.in, &out = g_.out, &residual = g_.operand;
        const int step = g_.stride * in.pitch;
        return {o_.in + in_size_ *
                            (in.pixel(y * g_.stride - g_.padding, -g_.padding) + x * step + block * plan_.block_step),
                o_.operand + residual_size_ * (std::ptrdiff_t{residual.pixel(y, x)} + channel),
                o_.out + out_size_ * (std::ptrdiff_t{out.pixel(y, x)} + channel)};
    }

    /// This part's share of the `count` rows of tiles for a panel. If channels are shared, the panel at the border
    /// between two parts is split by rows.
    Operands::Range share(int channel, int width, int count) const {
        if (by_pixels_) return o_.share(count);
        const auto cut = [&](int border) {
            return border <= channel ? 0 : border >= channel + width ? count : (border - channel) * count / width;
        };
        const auto mine = o_.share(plan_.channels);
        return {cut(mine.first), cut(mine.last)};
    }

    /// This part's pixels for the channels of a strip, in the panel that starts at `panel_channel`.
    void strip(int width, const Strip& s, int panel_channel, int block) const {
        const int fold = fold_of(g_.weights), channel = panel_channel + s.from;
        const int across = (pixels_ + s.rows - 1) / s.rows,
                  tiles = std::max(1, across * plan_.lines / (by_pixels_ ? o_.parts : 1));
        TileRun run{g_.stride * g_.in.pitch,
                    g_.out.pitch,
                    g_.operand.pitch,
                    plan_.reach,
                    o_.weights + weight_size_ * (std::ptrdiff_t{panel_channel} * g_.depth +
                                                 std::ptrdiff_t{block} * plan_.block_depth * width + s.from * fold),
                    o_.bias + channel,
                    round_up(g_.out.shape.channels, 32),
                    &o_};
        Reach& reach = run.reach;
        reach.panel = width;
        reach.ahead = plan_.block_depth * width - fold * s.from;
        reach.ahead_step = (fold * width + tiles - 1) / tiles;
        const std::ptrdiff_t fetched = plan_.block_groups * reach.ahead_step, in_step = in_size_ * run.in_pitch,
                             out_step = out_size_ * run.out_pitch, residual_step = residual_size_ * run.residual_pitch;
        Place at{};
        const auto put = [&](TileCall tile, int pixels, int count) __attribute__((always_inline)) {
            const std::ptrdiff_t in = pixels * in_step, out = pixels * out_step, residual = pixels * residual_step;
            for (; count > 0; --count, reach.ahead += fetched) {
                tile(at.in, at.out, at.residual, run);
                at.in += in, at.out += out, at.residual += residual;
            }
        };
        const int missing = across * s.rows - pixels_, full = across - (missing > 0);
        if (!plan_.flat) {
            const auto mine = share(panel_channel, width, plan_.lines);
            for (int y = mine.first; y < mine.last; ++y) {
                at = place(block, channel, y, 0);
                put(s.full, s.rows, full);
                if (s.rest > 0) put(s.fewer, s.rest, 1);
            }
            return;
        }
        // For an unknown number of tokens, the last tiles have one pixel less than the others if that covers the
        // remainder exactly.
        const int first_less = plan_.tokens && missing <= across ? across - missing : across,
                  first_partial = std::min(first_less, full);
        const auto mine = share(panel_channel, width, across);
        if (mine.first == mine.last) return;
        at = place(block, channel, 0, mine.first * s.rows - std::max(0, mine.first - first_less));
        put(s.full, s.rows, std::min(mine.last, first_partial) - mine.first);
        if (mine.last <= first_partial) return;
        if (!plan_.tokens) put(s.fewer, s.rest, 1);
        else if (first_less < across) put(s.fewer, s.rows - 1, mine.last - std::max(mine.first, first_less));
        else put(s.one, 1, pixels_ - full * s.rows);
    }

    const ConvolutionPlan& plan_;
    const Geometry& g_;
    const Operands& o_;
    int in_size_, out_size_, residual_size_, weight_size_;
    int pixels_;
    bool by_pixels_;
};

TAXON_NOINLINE inline void convolve(const ConvolutionPlan& plan, const Geometry& g, const Operands& o) {
    ConvolutionPart(plan, g, o).run();
}

template <Geometry G>
struct Convolution {
    static_assert(std::is_same_v<Number<G.in.element>, typename Dot<G.weights>::Number>);
    static constexpr View in = G.in, out = G.out;
    static constexpr bool tokens = out.shape.sequence;
    static constexpr bool flat = tokens || (G.size == 1 && G.stride == 1 && in.halo + out.halo + G.operand.halo == 0);
    static constexpr int lines = flat ? 1 : out.shape.height, line = tokens ? 1 << 20
                                                                     : flat ? out.shape.pixels()
                                                                            : out.shape.width;
    static constexpr int channels = round_up(out.shape.channels, 8),
                         last = channels % G.panel ? channels % G.panel : G.panel;
    static constexpr bool runs = taxon::detail::rows_are_runs(in, G.size);
    static constexpr Reach whole{G.size, runs ? 1 : G.size, taxon::detail::run_length(in, G.size, G.weights), in.row(),
                                 in.pitch};

    /// Blocking of deep reductions, so that the weights of a block and of the next one, prefetched meanwhile, stay in
    /// L2: by rows of a window, or by equal runs of inputs. In full vectors only, and only where `out` can hold a
    /// partial sum.
    static constexpr int block_bytes = 256 * 1024;
    static constexpr int wanted =
        (G.depth * G.panel * static_cast<int>(size_of(G.weights)) + block_bytes - 1) / block_bytes;
    static constexpr bool divides = G.size > 1 || whole.length % wanted == 0;
    static constexpr int blocks = wanted == 1 || fold_of(G.weights) > 1 || out.element != Element::float32 ||
                                          G.in_place || channels % 16 != 0 || !divides
                                      ? 1
                                  : G.size > 1 ? G.size
                                               : wanted;

    /// The tiles of `Width` outputs from `From` on, for a block that starts sums, ends them, or both.
    template <int Width, bool Starts, bool Ends, int From = 0>
    static constexpr void add_strips(Panel& panel) {
        constexpr int vectors = (Width - From) / Wide::lanes, most = registers == 32 ? 4 : 3,
                      strips = (vectors + most - 1) / most;
        constexpr int wides = strips > 1 ? (vectors + strips - 1) / strips : vectors;
        constexpr int narrows = strips <= 1 && (Width - From) % Wide::lanes ? 1 : 0,
                      width = wides * Wide::lanes + narrows * Narrow::lanes;
        constexpr int rows = tile_rows<Dot<G.weights>>(line, wides, narrows), rest = tokens ? 0 : line % rows,
                      fewer = tokens ? std::max(rows - 1, 1) : rest;
        constexpr auto form = [](int pixels) {
            return Tile{pixels, wides, narrows, G.weights, Epilogue(G), 1, Starts, Ends};
        };
        Strip& strip = panel.strips[panel.count++];
        strip = {From, width, rows, rest, &tile<form(rows)>};
        if constexpr (fewer > 0) strip.fewer = &tile<form(fewer)>;
        if constexpr (tokens) strip.one = &tile<form(1)>;
        if constexpr (From + width < Width) add_strips<Width, Starts, Ends, From + width>(panel);
    }
    template <int Width, bool Starts, bool Ends>
    static constexpr Panel panel = [] {
        Panel p{.width = Width};
        add_strips<Width, Starts, Ends>(p);
        return p;
    }();

    template <bool Starts, bool Ends>
    static constexpr std::array<const Panel*, 2> panels() {
        if constexpr (channels > last) return {&panel<G.panel, Starts, Ends>, &panel<last, Starts, Ends>};
        else return {nullptr, &panel<last, Starts, Ends>};
    }

    static constexpr ConvolutionPlan plan = [] {
        ConvolutionPlan p{.tokens = tokens,
                          .flat = flat,
                          .lines = lines,
                          .line = line,
                          .channels = channels,
                          .blocks = blocks,
                          .block_depth = G.depth / blocks,
                          .block_groups = G.depth / blocks / fold_of(G.weights),
                          .block_step = G.size > 1 ? in.row() : whole.length / blocks,
                          .reach = whole,
                          .panels = {}};
        if constexpr (blocks > 1) (G.size > 1 ? p.reach.rows : p.reach.length) /= blocks;
        p.panels[0] = panels<true, blocks == 1>();
        if constexpr (blocks > 1) p.panels[2] = panels<false, true>();
        if constexpr (blocks > 2) p.panels[1] = panels<false, false>();
        return p;
    }();

    static void run(const Geometry& g, const Operands& o) { convolve(plan, g, o); }
};

template <Geometry G>
inline constexpr KernelCall convolution_kernel = &Convolution<G>::run;

}  // namespace taxon::cpu::TAXON_ISA
