// Convolution as an implicit matrix product over (H, W, C) in the register tiles of tile.inl: 1x1 convolutions, tokens
// times a matrix, windows. Groups are products of their own, and so are the phases of a transposed convolution.
namespace taxon::cpu::TAXON_ISA {

/// As many vectors of a panel as suit the registers, and their tiles: of `rows` pixels; of the `rest` of a line or, for
/// an unknown number of tokens, of one less; of one token.
struct Strip {
    int from = 0, width = 0, rows = 0, rest = 0;
    TileCall full = nullptr, fewer = nullptr, one = nullptr;
    bool in_turn = false;  ///< the tiles read WindowWeights
};

/// A packed panel, in strips.
struct Panel {
    int width = 0, count = 0;
    Strip strips[4] = {};
};

/// The constants of a convolution's geometry: its tiles, and the blocking of deep reductions.
struct ConvolutionPlan {
    bool tokens, flat;                      ///< the length is a run-time argument; rows are contiguous
    int lines, line;                        ///< lines of pixels; pixels of each
    int groups, channels;                   ///< outputs of a group in whole vectors
    int blocks, block_depth, block_groups;  ///< of deep sums
    std::ptrdiff_t block_step;              ///< inputs from block to block
    Reach reach;                            ///< of a block
    /// Of a first block, of one between, of a last one: all panels but the last, and that.
    std::array<const Panel*, 2> panels[3];
    int first_y = 0, first_x = 0, step_y = 1, step_x = 1;  ///< of a phase's outputs
    bool in_order = false;                                 ///< the weights have an order: see plan/byte_order.hpp
};

/// One part's share of a convolution. Parts share the pixels, each reading all weights, or the channels, each reading
/// all pixels: whichever reads less. Several samples meet each strip of weights in turn.
class ConvolutionPart {
  public:
    using Groups = GroupsInOrder<by_byte_order<Dot<Element::int8>>>;

    TAXON_INLINE ConvolutionPart(const ConvolutionPlan& plan, const Geometry& g, const Operands& o, Groups& groups)
        : plan_(plan), g_(g), o_(o), groups_(groups), in_size_(static_cast<int>(size_of(g.in.element))),
          out_size_(static_cast<int>(size_of(g.out.element))),
          residual_size_(static_cast<int>(size_of(g.operand.element))),
          weight_size_(static_cast<int>(size_of(g.weights))), pixels_(plan.tokens ? o.length : plan.line),
          channels_(plan.groups * plan.channels),
          by_pixels_(plan.tokens ? o.length > channels_ : plan.lines * plan.line * g.out.pitch > g.depth * channels_),
          by_rows_(o.rows.count() > 0 || (plan.flat && o.parts > 1 && o.by_rows(g))) {}

    TAXON_INLINE void run() {
        // a group reads a part of every pixel's cache lines, so those stay in L2 until the last has
        const int bytes = in_size_ * g_.window.y.stride * g_.in.row(),
                  lines = plan_.groups == 1 ? plan_.lines : std::max(1, group_bytes / bytes);
        for (first_line_ = 0; first_line_ < plan_.lines; first_line_ += lines) {
            last_line_ = std::min(first_line_ + lines, plan_.lines);
            for (int group = 0; group < plan_.groups; ++group)
                for (int channel = 0, width = 0; channel < plan_.channels; channel += width)
                    for (int block = 0; block < plan_.blocks; ++block) {
                        const auto& panels = plan_.panels[block == 0 ? 0 : block < plan_.blocks - 1 ? 1 : 2];
                        const Panel& panel = *panels[channel + panels[1]->width < plan_.channels ? 0 : 1];
                        width = panel.width;
                        for (int i = 0; i < panel.count; ++i)
                            strip(panel.width, panel.strips[i], group, channel, block);
                    }
        }
    }

  private:
    static constexpr int group_bytes = 256 * 1024;  ///< of inputs

    /// Start of a tile.
    struct Place {
        const std::byte *in, *residual;
        std::byte* out;
    };

    Place place(int sample, int group, int block, int channel, int y, int x) const {
        const View &in = g_.in, &out = g_.out, &residual = g_.operand;
        const auto& [rows, taps] = g_.window;
        const std::ptrdiff_t first = group * (in.shape.channels / plan_.groups) + block * plan_.block_step;
        const int to_y = plan_.first_y + y * plan_.step_y, to_x = plan_.first_x + x * plan_.step_x;
        return {o_.in + sample * o_.in_step +
                    in_size_ * (in.pixel(y * rows.stride - rows.before, x * taps.stride - taps.before) + first),
                o_.operand + sample * o_.operand_step +
                    residual_size_ * (std::ptrdiff_t{residual.pixel(to_y, to_x)} + channel),
                o_.out + sample * o_.out_step + out_size_ * (std::ptrdiff_t{out.pixel(to_y, to_x)} + channel)};
    }

    /// The last pixels of a part that has another rest than the whole: a tile that begins before them, of which only
    /// they are kept.
    void last_pixels(const Strip& s, int rest, const Place& at, TileRun run) const {
        alignas(64) std::byte tile[16 * 64 * sizeof(float)];
        const std::ptrdiff_t line = std::ptrdiff_t{out_size_} * s.width, out_step = out_size_ * run.out_pitch;
        run.out_pitch = s.width;
        s.full(at.in, tile, at.residual, run);
        for (int i = s.rows - rest; i < s.rows; ++i)
            std::memcpy(at.out + i * out_step, tile + i * line, static_cast<std::size_t>(line));
    }

    /// This part's share of the `count` rows of tiles for a panel. If channels are shared, the panel at the border
    /// between two parts is split by rows.
    Operands::Range share(int channel, int width, int count) const {
        if (by_pixels_) return o_.share(count);
        const auto cut = [&](int border) {
            return border <= channel ? 0 : border >= channel + width ? count : (border - channel) * count / width;
        };
        const auto mine = o_.share(channels_);
        return {cut(mine.first), cut(mine.last)};
    }

    /// This part's pixels for the channels of a strip, in the group's panel that starts at `in_group`.
    void strip(int width, const Strip& s, int group, int in_group, int block) const {
        const bool by_strips = o_.by_strips && g_.weights == Element::float32;
        const int panel_channel = group * plan_.channels + in_group, fold = fold_of(g_.weights),
                  channel = panel_channel + s.from, line = by_strips ? s.width : width;
        const int across = (pixels_ + s.rows - 1) / s.rows,
                  tiles = std::max(1, o_.samples * across * plan_.lines / (by_pixels_ ? o_.parts : 1));
        TileRun run{g_.window.x.stride * g_.in.pitch,
                    plan_.step_x * g_.out.pitch,
                    plan_.step_x * g_.operand.pitch,
                    plan_.reach,
                    o_.weights + weight_size_ * (std::ptrdiff_t{panel_channel} * g_.depth +
                                                 std::ptrdiff_t{block} * plan_.block_depth * line +
                                                 std::ptrdiff_t{s.from} * (by_strips ? g_.depth : fold)),
                    o_.bias + channel,
                    round_up(g_.out.shape.channels, 32),
                    &o_,
                    &g_};
        WindowWeights in_turn;
        if (s.in_turn) run.weights = in_turn.of(g_, run.weights);
        [[maybe_unused]] StartSums starts;
        if (g_.weights == Element::int8)
            run.starts = starts.of<Dot<Element::int8>>(run.weights, width, s.width, g_.depth);
        Reach& reach = run.reach;
        reach.panel = line;
        reach.ahead = by_strips ? g_.depth * line : plan_.block_depth * width - fold * s.from;
        reach.ahead_step = (fold * line + tiles - 1) / tiles;
        if constexpr (by_byte_order<Dot<Element::int8>>)
            if (g_.weights == Element::int8 && window_form(g_).units == 0)
                return strip_of_bytes(width, s, group, channel, run);
        tiles_of(width, s, group, panel_channel, channel, block, run);
    }

    /// A whole panel: first the vectors whose groups have an order, one after the other, then the rest.
    TAXON_INLINE void strip_of_bytes(int width, const Strip& s, int group, int channel, TileRun& run) const {
        constexpr int bytes = fold_of(Element::int8) * Wide::lanes;
        for (int v = 0; v < width / Wide::lanes; ++v) {
            TileRun own = run;
            own.weights += v * bytes;
            if (plan_.in_order)
                own.order =
                    groups_.read(reinterpret_cast<const std::uint16_t*>(o_.weights + taxon::detail::byte_order_at(g_)) +
                                     (channel / Wide::lanes + v) * taxon::detail::byte_order_length(g_),
                                 own.weights, width);
            if (!own.order) {
                run.vectors |= 1u << v;
                continue;
            }
            own.vectors = 1, own.bias += v * Wide::lanes, own.reach.ahead -= v * bytes;
            tiles_of(width, s, group, channel, channel + v * Wide::lanes, 0, own);
        }
        if (run.vectors) tiles_of(width, s, group, channel, channel, 0, run);
    }

    /// The tiles of a strip from `channel` on.
    void tiles_of(int width, const Strip& s, int group, int panel_channel, int channel, int block, TileRun& run) const {
        Reach& reach = run.reach;
        const int across = (pixels_ + s.rows - 1) / s.rows;
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
            const auto mine = by_rows_ ? o_.rows_of(g_) : share(panel_channel, width, plan_.lines);
            for (int sample = 0; sample < o_.samples; ++sample)
                for (int y = std::max(mine.first, first_line_); y < std::min(mine.last, last_line_); ++y) {
                    at = place(sample, group, block, channel, y, 0);
                    put(s.full, s.rows, full);
                    if (s.rest > 0) put(s.fewer, s.rest, 1);
                }
            return;
        }
        if (by_rows_) {
            const Shape shape = g_.out.shape;
            const auto mine = o_.rows_of(g_);
            const int first = mine.first * shape.width, count = (mine.last - mine.first) * shape.width,
                      rest = count % s.rows;
            at = place(0, group, block, channel, 0, first);
            put(s.full, s.rows, count / s.rows);
            if (rest == s.rest) put(s.fewer, s.rest, rest > 0 ? 1 : 0);
            else last_pixels(s, rest, place(0, group, block, channel, 0, first + count - s.rows), run);
            return;
        }
        // For an unknown number of tokens, the last tiles have one pixel less than the others if that covers the
        // remainder exactly.
        const int first_less = plan_.tokens && missing <= across ? across - missing : across,
                  first_partial = std::min(first_less, full);
        const auto mine = share(panel_channel, width, across);
        if (mine.first == mine.last) return;
        for (int sample = 0; sample < o_.samples; ++sample) {
            at = place(sample, group, block, channel, 0, mine.first * s.rows - std::max(0, mine.first - first_less));
            put(s.full, s.rows, std::min(mine.last, first_partial) - mine.first);
            if (mine.last <= first_partial) continue;
            if (!plan_.tokens) put(s.fewer, s.rest, 1);
            else if (first_less < across) put(s.fewer, s.rows - 1, mine.last - std::max(mine.first, first_less));
            else put(s.one, 1, pixels_ - full * s.rows);
        }
    }

    const ConvolutionPlan& plan_;
    const Geometry& g_;
    const Operands& o_;
    Groups& groups_;
    int in_size_, out_size_, residual_size_, weight_size_;
    int pixels_, channels_, first_line_ = 0, last_line_ = 0;
    bool by_pixels_, by_rows_;
};

TAXON_NOINLINE inline void convolve(const ConvolutionPlan& plan, const Geometry& g, const Operands& o) {
    ConvolutionPart::Groups groups;
    if (plan.in_order) groups.start(plan.reach);
    ConvolutionPart(plan, g, o, groups).run();
}

/// The vectors and pixels of a strip's tiles.
struct StripShape {
    int wides, narrows, rows;
    constexpr int width() const { return wides * Wide::lanes + narrows * Narrow::lanes; }
};

/// Of the next strip of a panel that has `outputs` left, for lines of that many pixels.
template <class D>
constexpr StripShape strip_shape(const Geometry& g, int line, int outputs) {
    const int vectors = outputs / Wide::lanes,
              most = by_byte_order<D>  ? 8
                     : registers == 32 ? 4
                                       : 3,
              strips = (vectors + most - 1) / most, wides = strips > 1 ? (vectors + strips - 1) / strips : vectors,
              narrows = strips <= 1 && outputs % Wide::lanes ? 1 : 0, units = window_form(g).units;
    return {wides, narrows,
            units > 0 ? window_tile_rows<D>(line, g.window.x.size, units)
                      : tile_rows<D>(line, by_byte_order<D> ? 1 : wides, narrows)};
}

/// True if the rows of a convolution's pixels are contiguous; the pixels of a line, for an unknown number of tokens
/// more than there can be.
constexpr bool is_flat(const Geometry& g) {
    return g.out.shape.sequence ||
           (g.window.is_pixel() && !g.in.has_halo() && !g.out.has_halo() && !g.operand.has_halo());
}
constexpr int line_of(const Geometry& g) {
    return g.out.shape.sequence ? 1 << 20 : is_flat(g) ? g.out.shape.pixels() : g.out.shape.width;
}

/// The panels of a geometry's weights for lines of that many pixels; for an unknown number of tokens: 0.
template <Geometry G, int Line>
struct Panels {
    static constexpr int line = Line > 0 ? Line : 1 << 20, channels = taxon::detail::outputs_of_group(G),
                         last = channels % G.panel ? channels % G.panel : G.panel,
                         groups = std::max(1, window_form(G).width() / G.panel);  ///< of a tile
    static constexpr WindowForm windows = window_form(G);

    template <Tile T>
    static constexpr TileCall call() {
        if constexpr (windows.units > 0) return &window_tile<WindowTile{T, windows, G.window.x.size, G.in.pitch}>;
        else if constexpr (by_byte_order<Dot<G.weights>>) return &byte_tile<T>;
        else return &tile<T>;
    }

    /// The tiles of `Width` outputs from `From` on, for a block that starts sums, ends them, or both.
    template <int Width, bool Starts, bool Ends, int From = 0>
    static constexpr void add_strips(Panel& panel) {
        constexpr bool tokens = Line == 0;
        constexpr StripShape shape = strip_shape<Dot<G.weights>>(G, line, Width - From);
        constexpr int wides = shape.wides, narrows = shape.narrows, width = shape.width(), rows = shape.rows,
                      rest = tokens ? 0 : line % rows, fewer = tokens ? std::max(rows - 1, 1) : rest;
        constexpr auto form = [](int pixels) {
            return Tile{pixels, by_byte_order<Dot<G.weights>> ? 1 : wides, narrows, G.weights, Epilogue(G), 1, Starts,
                        Ends};
        };
        static_assert(!multiplies_strips(Isa::TAXON_ISA) || G.weights != Element::float32 || windows.units > 0 ||
                      width == strip_width(Width - From));
        Strip& strip = panel.strips[panel.count++];
        strip = {From, width * groups, rows, rest, call<form(rows)>()};
        strip.in_turn = windows.in_turn > 1;
        if constexpr (fewer > 0) strip.fewer = call<form(fewer)>();
        if constexpr (tokens) strip.one = call<form(1)>();
        if constexpr (From + width < Width) add_strips<Width, Starts, Ends, From + width>(panel);
    }
    template <int Width, bool Starts, bool Ends>
    static constexpr Panel panel = [] {
        Panel p{.width = Width * groups};
        add_strips<Width, Starts, Ends>(p);
        return p;
    }();

    template <bool Starts, bool Ends>
    static constexpr std::array<const Panel*, 2> all() {
        if constexpr (channels > last) return {&panel<G.panel, Starts, Ends>, &panel<last, Starts, Ends>};
        else return {nullptr, &panel<last, Starts, Ends>};
    }
};

template <Geometry G>
struct Convolution {
    static_assert(std::is_same_v<Number<G.in.element>, typename Dot<G.weights>::Number>);
    static constexpr View in = G.in, out = G.out;
    static constexpr bool tokens = out.shape.sequence;
    static constexpr bool flat = is_flat(G);
    static constexpr int lines = flat ? 1 : out.shape.height, line = line_of(G);
    using Panels = TAXON_ISA::Panels<G, tokens ? 0 : line>;
    static constexpr int channels = Panels::channels, last = Panels::last;
    static constexpr Reach whole = reach_of<Reach>(G);

    /// Blocking of deep reductions, so that the weights of a block and of the next one, prefetched meanwhile, stay in
    /// L2: by rows of a window, by its taps if it has one row, or by equal runs of inputs. In full vectors only, and
    /// only where `out` can hold a partial sum; not by the tiles of window_tile.inl, which end what they start.
    static constexpr int wanted =
        (G.depth * G.panel * static_cast<int>(size_of(G.weights)) + taxon::detail::block_bytes - 1) /
        taxon::detail::block_bytes;
    static constexpr int parts = whole.rows > 1 ? whole.rows : whole.taps > 1 ? whole.taps : whole.length;
    static constexpr int blocks = [] {
        if (wanted == 1 || fold_of(G.weights) > 1 || out.element != Element::float32 || G.in_place ||
            channels % 16 != 0 || window_form(G).units > 0)
            return 1;
        if (whole.rows * whole.taps == 1) return parts % wanted == 0 ? wanted : 1;
        int least = std::min(wanted, parts);
        while (parts % least != 0) ++least;
        return least;
    }();

    static constexpr ConvolutionPlan plan = [] {
        ConvolutionPlan p{.tokens = tokens,
                          .flat = flat,
                          .lines = lines,
                          .line = line,
                          .groups = G.groups / Panels::groups,
                          .channels = channels * Panels::groups,
                          .blocks = blocks,
                          .block_depth = G.depth / blocks,
                          .block_groups = G.depth / blocks / fold_of(G.weights),
                          .block_step = parts / blocks *
                                        (whole.rows > 1   ? whole.row_step
                                         : whole.taps > 1 ? whole.tap_step
                                                          : 1),
                          .reach = whole,
                          .panels = {},
                          .in_order = taxon::detail::has_byte_order(G)};
        if constexpr (blocks > 1)
            (whole.rows > 1 ? p.reach.rows : whole.taps > 1 ? p.reach.taps : p.reach.length) /= blocks;
        p.panels[0] = Panels::template all<true, blocks == 1>();
        if constexpr (blocks > 1) p.panels[2] = Panels::template all<false, true>();
        if constexpr (blocks > 2) p.panels[1] = Panels::template all<false, false>();
        return p;
    }();

    static void run(const Geometry& g, const Operands& o) { convolve(plan, g, o); }
};

}  // namespace taxon::cpu::TAXON_ISA
