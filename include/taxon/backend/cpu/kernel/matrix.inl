// Convolutions by matrix tiles (AMX): up to 64 sums of 16 outputs each in four tiles, from the same pixels and packed
// panels as the register tiles. Tiles 0 … 3 hold accumulators, 4 and 5 take 64 bytes of every pixel and the weights for
// them, 6 and 7 the remainder of a run.
namespace taxon::cpu::amx {

using namespace avx512;  // registers, the other kernels, and the epilogue

/// The tile configuration for ldtilecfg.
struct alignas(64) TileShapes {
    std::uint8_t palette = 1, start = 0, reserved[14] = {};
    std::uint16_t bytes[16] = {};
    std::uint8_t rows[16] = {};

    /// For tiles of `pixels` <= 16, and runs with a remainder of `rest` < 64 bytes, a multiple of 4.
    constexpr TileShapes(int pixels, int rest) {
        const auto shape = [this](int tile, int height, int width) {
            rows[tile] = static_cast<std::uint8_t>(height), bytes[tile] = static_cast<std::uint16_t>(width);
        };
        for (const int sum : {0, 1, 2, 3}) shape(sum, pixels, 64);
        shape(4, pixels, 64), shape(5, 16, 64);
        shape(6, pixels, rest > 0 ? rest : 64), shape(7, rest > 0 ? rest / 4 : 16, 64);
    }
};

/// Loading the configuration takes 45 ns and clears all tiles; a thread that leaves it loaded has 8 KB more to save at
/// every context switch.
struct TileSession {
    TAXON_INLINE explicit TileSession(const TileShapes& shapes) { _tile_loadconfig(&shapes); }
    TAXON_INLINE ~TileSession() { _tile_release(); }
    TileSession(const TileSession&) = delete;
    TileSession& operator=(const TileSession&) = delete;
};

/// The pixels per tile for lines of `line` pixels: equal numbers, because a product takes as many cycles as it has
/// pixels, plus two.
constexpr int matrix_rows(int line) { return (line + (line + 15) / 16 - 1) / ((line + 15) / 16); }

/// Multiplies every pixel with every output, 64 bytes deep, or as deep as tiles 6 and 7 are configured.
template <class D, bool Rest, bool Whole, int Below, int Beside>
TAXON_INLINE void matrix_step(const std::byte* in, std::ptrdiff_t pixel, std::ptrdiff_t below, const std::byte* weights,
                              std::ptrdiff_t group) {
// Tile numbers are part of the instructions, so these are macros: the compilers accept no template argument there.
#define TAXON_MULTIPLY(sum, a, b)                                                                                      \
    if constexpr (D::exact) {                                                                                          \
        _tile_dpbusd(sum, a, b);                                                                                       \
    } else {                                                                                                           \
        _tile_dpbf16ps(sum, a, b);                                                                                     \
    }
#define TAXON_PRODUCT(sum, a, b, y, x)                                                                                 \
    if constexpr (y < Below && x < Beside) {                                                                           \
        if constexpr (x == 0) { _tile_loadd(a, in + y * below, pixel); }                                               \
        _tile_loadd(b, weights + x * 64, group);                                                                       \
        TAXON_MULTIPLY(sum, a, b)                                                                                      \
    }
#define TAXON_PRODUCTS(a, b)                                                                                           \
    if constexpr (Below == 1) {                                                                                        \
        TAXON_PRODUCT(0, a, b, 0, 0)                                                                                   \
        TAXON_PRODUCT(1, a, b, 0, 1) TAXON_PRODUCT(2, a, b, 0, 2) TAXON_PRODUCT(3, a, b, 0, 3)                         \
    } else if constexpr (Beside == 2) {                                                                                \
        TAXON_PRODUCT(0, a, b, 0, 0)                                                                                   \
        TAXON_PRODUCT(1, a, b, 0, 1) TAXON_PRODUCT(2, a, b, 1, 0) TAXON_PRODUCT(3, a, b, 1, 1)                         \
    } else {                                                                                                           \
        TAXON_PRODUCT(0, a, b, 0, 0)                                                                                   \
        TAXON_PRODUCT(1, a, b, 1, 0) TAXON_PRODUCT(2, a, b, 2, 0) TAXON_PRODUCT(3, a, b, 3, 0)                         \
    }
    // runs have no remainder, so there are tiles for all four operands
    if constexpr (Whole && Below == 2 && Beside == 2) {
        TAXON_PRODUCT(0, 4, 5, 0, 0) TAXON_PRODUCT(1, 4, 7, 0, 1) _tile_loadd(6, in + below, pixel);
        TAXON_MULTIPLY(2, 6, 5) TAXON_MULTIPLY(3, 6, 7)
    } else if constexpr (Rest) {
        TAXON_PRODUCTS(6, 7)
    } else {
        TAXON_PRODUCTS(4, 5)
    }
#undef TAXON_PRODUCTS
#undef TAXON_PRODUCT
#undef TAXON_MULTIPLY
}

/// A tile of up to sixteen pixels, and the outputs whose weights lie side by side.
struct MatrixTile {
    int rows, panel;
    Element weights;
    Epilogue epilogue;
};

/// Distances between the pixels of a tile, and between tiles that are stacked.
struct Spacing {
    std::ptrdiff_t pixel, below;
    constexpr std::ptrdiff_t operator()(int number, int rows) const {
        return number / rows * below + number % rows * pixel;
    }
};

/// `Below` tiles of T.rows pixels by `Width` <= 64 outputs of a panel. The configuration is loaded. Pixels before
/// `first` are not stored again: tiles may overlap. A panel whose last strip has less than 16 outputs is read up to 60
/// bytes beyond its end. Each step prefetches `fetched` groups of the weights `reach.ahead` bytes away, from
/// `reach.ahead_step` on.
template <MatrixTile T, Spacing In, Spacing Out, Spacing Residual, bool Whole, int Below, int Width>
TAXON_NOINLINE void matrix_tile(const typename Dot<T.weights>::Number* in, const Reach& reach,
                                const Number<T.weights>* weights, const float* bias, int steps,
                                Number<T.epilogue.out>* __restrict out, const Number<T.epilogue.operand>* residual,
                                const Operands& o, int first, int fetched) {
    using D = Dot<T.weights>;
    constexpr int beside = (Width + 15) / 16, run_bytes = static_cast<int>(sizeof(*in));
    constexpr std::ptrdiff_t pixel = In.pixel * run_bytes, below = In.below * run_bytes, group = T.panel * 4;
    alignas(64) typename D::Total sums[static_cast<std::size_t>(Below * T.rows + 16 - T.rows)]
                                      [static_cast<std::size_t>(beside * 16)];
    constexpr std::ptrdiff_t row = sizeof sums[0];
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    const std::byte *column = reinterpret_cast<const std::byte*>(weights), *ahead = column + reach.ahead;
    const int bytes = reach.length * run_bytes;
    for (int y = 0; y < reach.rows; ++y)
        for (int x = 0; x < reach.taps; ++x) {
            const std::byte* run = reinterpret_cast<const std::byte*>(in + y * reach.row_step + x * reach.tap_step);
            int k = 0;
            for (; k + 64 <= bytes; k += 64, column += 16 * group, ahead += 16 * group) {
                matrix_step<D, false, Whole, Below, beside>(run + k, pixel, below, column, group);
                for (std::ptrdiff_t line = 0; line < fetched * (Width * 4); line += 64)
                    __builtin_prefetch(ahead + (reach.ahead_step + line / (Width * 4)) * group + line % (Width * 4));
            }
            if constexpr (!Whole)
                if (k < bytes)
                    matrix_step<D, true, false, Below, beside>(run + k, pixel, below, column, group),
                        column += (bytes - k) / 4 * group;
        }
        // clang-format off: its version 14 loses the indentation after #undef
#define TAXON_STORE(sum)                                                                                               \
    if constexpr (sum < Below * beside) { _tile_stored(sum, sums[sum / beside * T.rows] + sum % beside * 16, row); }
    TAXON_STORE(0)
    TAXON_STORE(1)
    TAXON_STORE(2)
    TAXON_STORE(3)
#undef TAXON_STORE
    // clang-format on
    const auto shift = [&]<class V>(V, typename V::type sum, int n) {  // sums started at zero
        if constexpr (D::exact) return V::fma(sum, V::load(bias + steps + n), V::load(bias + n));
        else return sum + V::load(bias + n);
    };
    for (int i = first; i < Below * T.rows; ++i) {
        auto* to = out + Out(i, T.rows);
        const auto* with = residual + Residual(i, T.rows);
        TAXON_UNROLL for (int n = 0; n + 16 <= Width; n += 16) finish<T.epilogue, Wide>(
            shift(Wide{}, D::to_float(D::load(sums[i] + n)), n), to + n, with + n, o, bias + n, steps);
        constexpr int n = Width / 16 * 16;
        if constexpr (n < Width)
            finish<T.epilogue, Narrow>(shift(Narrow{}, Pair::low(D::to_float(D::load(sums[i] + n))), n), to + n,
                                       with + n, o, bias + n, steps);
    }
}

/// True if matrix tiles are the better choice: they multiply only bytes and bfloat16, and bytes of few inputs no faster
/// than registers.
constexpr bool suits_matrix_tiles(const Geometry& g) {
    if (g.kernel != Kernel::convolution || g.groups > 1 || g.transposed) return false;
    const int bytes = g.depth * static_cast<int>(size_of(g.weights));
    return (g.weights == Element::int8 && bytes >= 64) || (g.weights == Element::bfloat16 && bytes >= 32);
}

template <Geometry G>
struct MatrixConvolution : Convolution<G> {
    using Base = Convolution<G>;
    using Base::channels, Base::last, Base::lines, Base::line;
    static constexpr View in = G.in, out = G.out, residual = G.operand;
    static constexpr Reach whole = Base::whole;
    static constexpr int fold = fold_of(G.weights), rows = matrix_rows(line), groups = G.depth / fold,
                         rest = whole.length * static_cast<int>(size_of(in.element)) % 64;
    static constexpr TileShapes shapes{rows, rest};
    /// short lines: tiles of several lines are stacked
    static constexpr bool stacked = !Base::flat && line <= 16;

    /// Outputs processed together: a panel, if its weights stay in L1 (one line of them is 64 bytes of a pixel); else
    /// 32, whose two tiles of pixels share the weights read. For short lines, 16, shared by four lines.
    static constexpr int strip_width(int panel) {
        const int wanted = stacked && line <= 8 ? 16 : 32;
        return panel > wanted && groups * panel * 4 > 40 * 1024 ? wanted : panel;
    }

    /// True if parts share the pixels rather than the channels: see ConvolutionPart.
    TAXON_INLINE static bool by_pixels() { return out.shape.pixels() * out.pitch > G.depth * channels; }

    /// This part's blocks of pixels for a strip of a panel.
    template <int Panel, int Strip>
    TAXON_INLINE static void strip(const Operands& o, int panel_channel, int from, bool is_last) {
        constexpr MatrixTile t{rows, Panel, G.weights, Epilogue(G)};
        constexpr int most = std::min(4 / ((Strip + 15) / 16), stacked ? lines : line / rows),
                      below = most == 3 || (most == 4 && Strip > 16) ? 2 : most;
        constexpr int height = stacked ? below : 1, width = stacked ? line : below * rows,
                      across = (line + width - 1) / width, blocks = (lines + height - 1) / height * across;
        constexpr auto spacing = [](const View& view, int below_it, int beside_it) {
            return Spacing{beside_it * view.pitch, stacked
                                                       ? static_cast<std::ptrdiff_t>(below_it) * view.row()
                                                       : static_cast<std::ptrdiff_t>(rows) * beside_it * view.pitch};
        };
        constexpr WindowAxis by_row = G.window.y, by_pixel = G.window.x;
        const auto* weights = o.weights_as<G.weights>() + panel_channel * G.depth + from * fold;
        const int channel = panel_channel + from, steps = round_up(out.shape.channels, 32);
        Reach reach = whole;
        reach.ahead = is_last ? 0 : from + Strip < Panel ? Strip * 4 : (Panel * groups - from) * 4;
        const auto mine = by_pixels() ? o.share(blocks) : Operands::Range{0, blocks};
        for (int i = 0, of_sample = mine.last - mine.first, all = o.samples * of_sample; i < all; ++i) {
            const int sample = i / of_sample, block = mine.first + i % of_sample;
            const int wanted_y = block / across * height, wanted_x = block % across * width,
                      y = std::min(wanted_y, lines - height), x = std::min(wanted_x, line - width);
            reach.ahead_step = 16 * i / all;
            const Operands own = o.of_sample(sample);
            matrix_tile<t, spacing(in, by_row.stride, by_pixel.stride), spacing(out, 1, 1), spacing(residual, 1, 1),
                        rest == 0, below, Strip>(
                own.in_as<in.element>() +
                    in.pixel(y * by_row.stride - by_row.before, x * by_pixel.stride - by_pixel.before),
                reach, weights, o.bias + channel, steps,
                own.out_as<out.element>() + out.pixel(y, 0) + channel + x * out.pitch,
                own.operand_as<residual.element>() + residual.pixel(y, 0) + channel + x * residual.pitch, o,
                (wanted_y - y) * line + wanted_x - x, is_last ? 0 : 16 * (i + 1) / all - 16 * i / all);
        }
    }

    /// Calls `act` for every strip of a panel that belongs to this part.
    template <int Panel, int From = 0>
    TAXON_INLINE static void panel(const Operands& o, int channel, int& number, Operands::Range mine) {
        constexpr int width = std::min(strip_width(Panel), Panel - From);
        if (by_pixels() || (number >= mine.first && number < mine.last))
            strip<Panel, width>(o, channel, From, channel + From + width >= channels);
        ++number;
        if constexpr (From + width < Panel) panel<Panel, From + width>(o, channel, number, mine);
    }

    static void run(const Geometry&, const Operands& o) {
        constexpr auto strips = [](int panel) { return (panel + strip_width(panel) - 1) / strip_width(panel); };
        const TileSession session(shapes);
        const auto mine = o.share((channels - last) / G.panel * strips(G.panel) + strips(last));
        int channel = 0, number = 0;
        if constexpr (channels > last)
            for (; channel < channels - last; channel += G.panel) panel<G.panel>(o, channel, number, mine);
        panel<last>(o, channel, number, mine);
    }
};

}  // namespace taxon::cpu::amx
