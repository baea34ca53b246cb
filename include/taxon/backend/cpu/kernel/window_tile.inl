// Register tiles for panels of one vector: every input that is loaded meets all taps of a window's row. In the tiles of
// tile.inl it would meet one vector of weights and no more, and loads would take longer than products.
namespace taxon::cpu::TAXON_ISA {

/// A tile of adjacent pixels of as many groups, and the row of a window over pixels `pitch` elements apart.
struct WindowTile {
    Tile tile;
    int groups, taps, pitch;
};

/// A panel of half a vector: two inputs at once, in turn with their weights, whose sums are added at last. Two groups
/// of such panels are one vector of outputs, and their inputs one cache line. An input is held until its last product,
/// or GCC takes its register for that sum, moves sums from register to register and keeps one on the stack: 89 GFLOP/s
/// instead of 105 on a Zen 4 with AVX2.
template <WindowTile T, class Tail = Pair>
TAXON_NOINLINE void window_tile(const std::byte* in_bytes, std::byte* out_bytes, const std::byte* residual_bytes,
                                const TileRun& run) {
    using D = Dot<T.tile.weights>;
    using In = typename D::Number;
    constexpr bool half = T.tile.narrows > 0;
    using V = std::conditional_t<half && T.groups == 1, Narrow, Wide>;
    constexpr Epilogue epilogue = T.tile.epilogue;
    constexpr std::size_t pixels = T.tile.rows, taps = T.taps, groups = T.groups;
    constexpr int fold = (half ? 2 : 1) * D::fold;
    const Reach& reach = run.reach;
    const auto* in = reinterpret_cast<const In*>(in_bytes);
    const std::byte* weights = run.weights;
    auto* __restrict out = reinterpret_cast<Number<epilogue.out>*>(out_bytes);
    const auto* residual = reinterpret_cast<const Number<epilogue.operand>*>(residual_bytes);
    constexpr std::ptrdiff_t step = half ? 64 : D::fold * Wide::lanes * sizeof(Number<T.tile.weights>);
    const std::ptrdiff_t tap = step * (reach.length / fold), group = reach.rows * T.taps * tap;
    typename D::Sum sums[pixels][groups];
    TAXON_UNROLL for (std::size_t i = 0; i < pixels; ++i) TAXON_UNROLL for (std::size_t n = 0; n < groups; ++n) {
        if constexpr (half && D::exact) sums[i][n] = typename D::Sum{};
        else if constexpr (half) sums[i][n] = Tail::every_other(run.bias + n * Narrow::lanes);
        else if constexpr (D::exact) sums[i][n] = start_of<D>(run, 0);
        else sums[i][n] = D::load(run.bias);
    }
    for (int row = 0; row < reach.rows; ++row, in += reach.row_step, weights += T.taps * tap) {
        const In* pixel = in;
        for (const std::byte *from = weights, *end = weights + tap; from != end; from += step, pixel += fold)
            TAXON_UNROLL for (int n = 0; n < T.groups; ++n) {
                typename D::Column columns[taps];
                TAXON_UNROLL for (std::size_t t = 0; t < taps; ++t) {
                    const std::byte* column = from + n * group + static_cast<std::ptrdiff_t>(t) * tap;
                    if constexpr (half) __builtin_memcpy(&columns[t], column, 64);
                    else columns[t] = D::column(reinterpret_cast<const typename D::Weight*>(column));
                }
                const In* first = pixel + n * reach.length;
                __asm__("" : "+r"(first));  // or an address of its own is kept for every pixel of the second group
                TAXON_UNROLL for (int j = 0; j < T.tile.rows + T.taps - 1; ++j) {
                    const In* input = first + j * T.pitch;
                    typename D::Spread x;
                    if constexpr (half) x = Tail::template spread_two<typename D::Spread>(input);
                    else x = D::broadcast(input);
                    TAXON_UNROLL for (int t = 0; t < T.taps; ++t) if (j - t >= 0 && j - t < T.tile.rows)
                        sums[j - t][n] = D::dot(x, columns[t], sums[j - t][n]);
                    Tail::hold(x);
                }
            }
    }
    [[maybe_unused]] Wide::type both;
    TAXON_UNROLL for (int i = 0; i < T.tile.rows; ++i) {
        typename V::type sum;
        if constexpr (half && T.groups == 2) sum = D::to_float(Tail::sums_of_two(sums[i][0], sums[i][1]));
        else if constexpr (half) {
            if (i % 2 == 0)
                both = D::to_float(Tail::sums_of_two(sums[i][0], sums[std::min(i + 1, T.tile.rows - 1)][0]));
            sum = i % 2 == 0 ? Tail::low(both) : Tail::high(both);
        } else sum = D::to_float(sums[i][0]);
        finish<epilogue, V>(value<D, V>(sum, run.bias, run.steps), out + i * run.out_pitch,
                            residual + i * run.residual_pitch, *run.operands);
    }
}

/// The weights of a strip in the order in which tiles read them: of half a vector, two inputs in turn.
class WindowWeights {
  public:
    static constexpr int most_depth = 256;  ///< products of a group's output

    template <class Tail = Pair>
    TAXON_INLINE const std::byte* of(const Geometry& g, const std::byte* weights, int groups) {
        const int columns = groups * g.depth / (2 * fold_of(g.weights));
        if (g.weights == Element::float16) put_in_turn<Element::float16, Tail>(weights, columns);
        else put_in_turn<Element::float32, Tail>(weights, columns);  // lanes of 32 bits, whatever is in them
        return lanes_;
    }

  private:
    template <Element E, class Tail>
    void put_in_turn(const std::byte* bytes, int columns) {
        const auto* weights = reinterpret_cast<const Number<E>*>(bytes);
        for (int i = 0; i < columns; ++i) {
            const auto column = Tail::in_turn(Dot<E>::column(weights + i * Wide::lanes));
            __builtin_memcpy(lanes_ + i * 64, &column, 64);
        }
    }

    alignas(64) std::byte lanes_[std::size_t{64} * most_depth];
};

/// True if panels of a geometry are one vector wide, or half of one, and the pixels of a window's row adjacent.
constexpr bool shares_taps(const Geometry& g) {
    const WindowAxis& x = g.window.x;
    const bool whole = g.panel == Wide::lanes, half = g.panel == Narrow::lanes && !whole,
               in_twos = g.in.shape.channels / g.groups % (2 * fold_of(g.weights)) == 0,
               fits = g.depth <= WindowWeights::most_depth * fold_of(g.weights);
    return g.groups > 1 && !g.transposed && x.stride == 1 && x.dilation == 1 && x.size > 1 && x.size <= 7 &&
           (whole || (half && in_twos && fits));
}

/// Groups of a tile, for which shares_taps is true.
constexpr int groups_of_tile(const Geometry& g) { return g.panel < Wide::lanes && g.groups % 2 == 0 ? 2 : 1; }

/// Pixels per tile: as many as the registers hold beside the taps' weights, in tiles as equal as possible.
template <class D>
constexpr int window_tile_rows(int line, int taps, int groups) {
    const int most = std::max(1, std::min(24, (registers - taps * D::column_registers - D::spread_registers) / groups)),
              tiles = (line + most - 1) / most;
    return (line + tiles - 1) / tiles;
}

}  // namespace taxon::cpu::TAXON_ISA
