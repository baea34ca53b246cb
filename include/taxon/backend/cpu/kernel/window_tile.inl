// Register tiles for panels of one vector: every input that is loaded meets all taps of a window's row. In the tiles of
// tile.inl it would meet one vector of weights and no more, and loads would take longer than products.
namespace taxon::cpu::TAXON_ISA {

/// A tile of adjacent pixels, and the row of a window over pixels `pitch` elements apart.
struct WindowTile {
    Tile tile;
    WindowForm form;
    int taps, pitch;
};

/// Where the outputs of a group are half a vector or a quarter, two or four of its inputs are multiplied at once, in
/// turn with their weights, and the sums added at last, those of several groups (or of two pixels) together: their
/// inputs are one cache line, and so are their outputs. An input is held until its last product, or GCC takes its
/// register for that sum, moves sums from register to register and keeps one on the stack: 89 GFLOP/s instead of 105 on
/// a Zen 4 with AVX2.
template <WindowTile T, class Tail = Pair>
TAXON_NOINLINE void window_tile(const std::byte* in_bytes, std::byte* out_bytes, const std::byte* residual_bytes,
                                const TileRun& run) {
    using D = Dot<T.tile.weights>;
    using In = typename D::Number;
    constexpr bool in_turn = T.form.in_turn > 1;
    using V = std::conditional_t<T.form.width() == Wide::lanes, Wide, Narrow>;
    constexpr Epilogue epilogue = T.tile.epilogue;
    constexpr std::size_t pixels = T.tile.rows, taps = T.taps, units = T.form.units;
    constexpr int fold = T.form.in_turn * D::fold;
#ifdef __clang__
    constexpr bool holds = !in_turn || registers < 32;  // or sums are kept on the stack: 108 GFLOP/s instead of 111
#else
    constexpr bool holds = true;
#endif
    const Reach& reach = run.reach;
    const auto* in = reinterpret_cast<const In*>(in_bytes);
    const std::byte* weights = run.weights;
    auto* __restrict out = reinterpret_cast<Number<epilogue.out>*>(out_bytes);
    const auto* residual = reinterpret_cast<const Number<epilogue.operand>*>(residual_bytes);
    constexpr std::ptrdiff_t step = Wide::lanes * (in_turn ? 4 : D::fold * sizeof(typename D::Weight)),
                             tap = step * (T.form.inputs / fold);
    const std::ptrdiff_t unit = reach.rows * T.taps * tap;
    typename D::Sum sums[pixels][units];
    TAXON_UNROLL for (std::size_t i = 0; i < pixels; ++i) TAXON_UNROLL for (std::size_t n = 0; n < units; ++n) {
        if constexpr (in_turn && D::exact) sums[i][n] = typename D::Sum{};
        else if constexpr (in_turn) sums[i][n] = Tail::template spaced<T.form.in_turn>(run.bias + n * T.form.outputs);
        else if constexpr (D::exact) sums[i][n] = start_of<D>(run, 0);
        else sums[i][n] = D::load(run.bias);
    }
    for (int row = 0; row < reach.rows; ++row, in += reach.row_step, weights += T.taps * tap) {
        const In* pixel = in;
        for (const std::byte *from = weights, *end = weights + tap; from != end; from += step, pixel += fold)
            TAXON_UNROLL for (int n = 0; n < T.form.units; ++n) {
                typename D::Column columns[taps];
                TAXON_UNROLL for (std::size_t t = 0; t < taps; ++t) {
                    const std::byte* column = from + n * unit + static_cast<std::ptrdiff_t>(t) * tap;
                    if constexpr (in_turn) __builtin_memcpy(&columns[t], column, sizeof columns[t]);
                    else columns[t] = D::column(reinterpret_cast<const typename D::Weight*>(column));
                }
                TAXON_UNROLL for (int j = 0; j < T.tile.rows + T.taps - 1; ++j) {
                    const In* input = pixel + n * T.form.inputs + j * T.pitch;
                    typename D::Spread x;
                    if constexpr (in_turn) x = Tail::template spread<T.form.in_turn, typename D::Spread>(input);
                    else x = D::broadcast(input);
                    TAXON_UNROLL for (int t = 0; t < T.taps; ++t) if (j - t >= 0 && j - t < T.tile.rows)
                        sums[j - t][n] = D::dot(x, columns[t], sums[j - t][n]);
                    if constexpr (holds) Tail::hold(x);
                }
            }
    }
    [[maybe_unused]] Wide::type both;
    TAXON_UNROLL for (int i = 0; i < T.tile.rows; ++i) {
        [[maybe_unused]] const int next = T.form.units == T.form.in_turn ? i : std::min(i + 1, T.tile.rows - 1);
        typename V::type sum;
        if constexpr (T.form.in_turn == 1) both = D::to_float(sums[i][0]);
        else if (i % 2 == 0 || next == i) {
            if constexpr (T.form.in_turn == 2) both = D::to_float(Tail::sums_of(sums[i][0], sums[next][units - 1]));
            else
                both = D::to_float(Tail::sums_of(sums[i][0], sums[i][1], sums[next][units - 2], sums[next][units - 1]));
        }
        if constexpr (T.form.width() == Wide::lanes) sum = both;
        else sum = i % 2 == 0 ? Tail::low(both) : Tail::high(both);
        finish<epilogue, V>(value<D, V>(sum, run.bias, run.steps), out + i * run.out_pitch,
                            residual + i * run.residual_pitch, *run.operands, run.bias, run.steps);
    }
}

}  // namespace taxon::cpu::TAXON_ISA
