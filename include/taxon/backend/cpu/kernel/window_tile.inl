// Register tiles for panels of one vector: every input that is loaded meets all taps of a window's row. In the tiles of
// tile.inl it would meet one vector of weights and no more, and loads would take longer than products.
namespace taxon::cpu::TAXON_ISA {

/// A tile of adjacent pixels, and the row of a window over pixels `pitch` elements apart.
struct WindowTile {
    Tile tile;
    int taps, pitch;
};

/// A panel of half a vector: two inputs at once, in turn with their weights, whose sums are added at last. An input is
/// held until its last product, or GCC takes its register for that sum, moves sums from register to register and keeps
/// one on the stack: 89 GFLOP/s instead of 105 on a Zen 4 with AVX2.
template <WindowTile T, class Tail = Pair>
TAXON_NOINLINE void window_tile(const std::byte* in_bytes, std::byte* out_bytes, const std::byte* residual_bytes,
                                const TileRun& run) {
    using D = Dot<T.tile.weights>;
    using In = typename D::Number;
    constexpr bool half = T.tile.narrows > 0;
    using V = std::conditional_t<half, Narrow, Wide>;
    constexpr Epilogue epilogue = T.tile.epilogue;
    constexpr std::size_t pixels = T.tile.rows, taps = T.taps;
    constexpr int fold = (half ? 2 : 1) * D::fold;
    const Reach& reach = run.reach;
    const auto* in = reinterpret_cast<const In*>(in_bytes);
    const auto* weights = reinterpret_cast<const Number<T.tile.weights>*>(run.weights);
    auto* __restrict out = reinterpret_cast<Number<epilogue.out>*>(out_bytes);
    const auto* residual = reinterpret_cast<const Number<epilogue.operand>*>(residual_bytes);
    const std::ptrdiff_t step = std::ptrdiff_t{fold} * reach.panel, tap = step * (reach.length / fold);
    typename D::Sum sums[pixels];
    TAXON_UNROLL for (std::size_t i = 0; i < pixels; ++i) {
        if constexpr (half) sums[i] = typename D::Sum{};
        else if constexpr (D::exact) sums[i] = start_of<D>(run, 0);
        else sums[i] = D::load(run.bias);
    }
    for (int row = 0; row < reach.rows; ++row, in += reach.row_step, weights += T.taps * tap) {
        const In* pixel = in;
        for (const auto *from = weights, *end = weights + tap; from != end; from += step, pixel += fold) {
            typename D::Column columns[taps];
            TAXON_UNROLL for (std::size_t t = 0; t < taps; ++t) {
                columns[t] = D::column(from + static_cast<std::ptrdiff_t>(t) * tap);
                if constexpr (half) columns[t] = Tail::in_turn(columns[t]);
            }
            TAXON_UNROLL for (int j = 0; j < T.tile.rows + T.taps - 1; ++j) {
                typename D::Spread x;
                if constexpr (half) x = Tail::template spread_two<typename D::Spread>(pixel + j * T.pitch);
                else x = D::broadcast(pixel + j * T.pitch);
                TAXON_UNROLL for (int t = 0; t < T.taps; ++t) if (j - t >= 0 && j - t < T.tile.rows) sums[j - t] =
                    D::dot(x, columns[t], sums[j - t]);
                Tail::hold(x);
            }
        }
    }
    TAXON_UNROLL for (int i = 0; i < T.tile.rows; ++i) {
        typename V::type sum;
        if constexpr (half) sum = Tail::every_second(D::to_float(Tail::sum_of_two(sums[i])));
        else sum = D::to_float(sums[i]);
        if constexpr (half && !D::exact) sum = sum + V::load(run.bias);
        finish<epilogue, V>(value<D, V>(sum, run.bias, run.steps), out + i * run.out_pitch,
                            residual + i * run.residual_pitch, *run.operands);
    }
}

/// True if panels of a geometry are one vector wide, or half of one, and the pixels of a window's row adjacent.
constexpr bool shares_taps(const Geometry& g) {
    const WindowAxis& x = g.window.x;
    const bool whole = g.panel == Wide::lanes, half = g.panel == Narrow::lanes,
               in_twos = g.in.shape.channels / g.groups % (2 * fold_of(g.weights)) == 0;
    return g.groups > 1 && !g.transposed && x.stride == 1 && x.dilation == 1 && x.size > 1 && x.size <= 7 &&
           (whole || (half && in_twos));
}

/// Pixels per tile: as many as the registers hold beside the taps' weights, in tiles as equal as possible.
template <class D>
constexpr int window_tile_rows(int line, int taps) {
    const int most = std::max(1, std::min(24, registers - taps * D::column_registers - D::spread_registers)),
              tiles = (line + most - 1) / most;
    return (line + tiles - 1) / tiles;
}

}  // namespace taxon::cpu::TAXON_ISA
