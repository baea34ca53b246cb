// The register tile of convolutions. It is compiled for its size and types; strides and depths are run-time arguments,
// so layers of different shapes share tiles.
namespace taxon::cpu::TAXON_ISA {

/// The epilogue of a finished accumulator.
struct Epilogue {
    Activation activation = Activation::none;
    bool residual = false, activation_last = false, by_channel = false;
    Element out = Element::float32, operand = Element::float32;
    constexpr Epilogue() = default;
    constexpr explicit Epilogue(const Geometry& g)
        : activation(g.activation), residual(g.residual), activation_last(g.activation_last), by_channel(g.by_channel),
          out(g.out.element), operand(g.operand.element) {}
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

struct ByteOrder;

/// Arguments that consecutive tiles share.
struct TileRun {
    std::ptrdiff_t in_pitch, out_pitch, residual_pitch;  ///< elements from pixel to pixel
    Reach reach;
    const std::byte* weights;
    const float* bias;
    int steps;  ///< floats from the bias to the scales of integer accumulators
    const Operands* operands;
    const Geometry* geometry = nullptr;    ///< of a convolution
    const std::int32_t* starts = nullptr;  ///< of integer accumulators, where a set's are not zero
    const ByteOrder* order = nullptr;      ///< of byte_tile.inl, for one vector
    unsigned vectors = 0;                  ///< of byte_tile.inl: those of the panel that it computes, a bit for each
};

/// Groups of a pixel's inputs that a product can take from one register; 0: it takes one group that fills a register.
template <class D>
constexpr int groups_of_register() {
    if constexpr (requires { D::groups; }) return D::groups;
    else return 0;
}
/// Registers of them for each pixel.
template <class D>
constexpr int registers_of_inputs() {
    if constexpr (requires { D::groups; }) return D::inputs_registers;
    else return 0;
}

/// Where products of integers take a number from each value, D::shift: what the sums of a strip of outputs start at, as
/// if all values were that. It reads the weights once, which every tile of the strip reads.
struct StartSums {
    std::int32_t sums[4 * Wide::lanes];

    template <class D>
    TAXON_INLINE const std::int32_t* of([[maybe_unused]] const std::byte* bytes, [[maybe_unused]] int panel,
                                        [[maybe_unused]] int outputs, [[maybe_unused]] int depth) {
        if constexpr (requires { D::shift; }) {
            const auto* weights = reinterpret_cast<const typename D::Weight*>(bytes);
            const std::ptrdiff_t step = std::ptrdiff_t{D::fold} * panel, end = step * (depth / D::fold);
            for (int n = 0; n < outputs; n += Wide::lanes, weights += D::fold * Wide::lanes) {
                typename D::Sum sum{};
                for (std::ptrdiff_t k = 0; k < end; k += step) sum = D::add_shift(D::column(weights + k), sum);
                D::store(sums + n, sum);
            }
            return sums;
        } else return nullptr;
    }
};

/// The integer accumulator of a tile's vector `j` of outputs, before the first product.
template <class D>
TAXON_INLINE typename D::Sum start_of(const TileRun& run, [[maybe_unused]] int j) {
    if constexpr (requires { D::shift; }) return D::load(run.starts + j * Wide::lanes);
    else return typename D::Sum{};
}

/// `bias`: of the first output, from which its factor lies factors_at(…) floats away, twice the `steps`.
template <Epilogue E, class V>
TAXON_INLINE void finish(typename V::type sum, Number<E.out>* out, const Number<E.operand>* residual, const Operands& o,
                         [[maybe_unused]] const float* bias, [[maybe_unused]] int steps) {
    if constexpr (!E.activation_last) sum = activate<E.activation, V>(sum);
    if constexpr (E.residual) sum = sum + read<E.operand, V>(residual, o.operand_quantization);
    if constexpr (E.activation_last) sum = activate<E.activation, V>(sum);
    if constexpr (E.by_channel) write_by_channel<E.out, V>(out, sum, bias + 2 * steps, o.out_quantization);
    else write<E.out, V>(out, sum, o.out_quantization);
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
            if constexpr (D::exact) sums[i][j] = start_of<D>(run, j);
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
            const auto* const end = weights + panels;
            if constexpr (constexpr int groups = groups_of_register<D>(); groups > 0)
                for (; end - weights >= groups * panel; pixels.advance(groups * fold)) {
                    typename D::Inputs inputs[rows];
                    TAXON_UNROLL for (int i = 0; i < T.rows; ++i) inputs[i] = D::inputs(pixels[i]);
                    const auto group = [&]<int Group>(std::integral_constant<int, Group>)
                        __attribute__((always_inline)) {
                        typename D::Column columns[wides];
                        TAXON_UNROLL for (int j = 0; j < T.wides; ++j) columns[j] =
                            D::column(weights + j * fold * Wide::lanes);
                        TAXON_UNROLL for (int j = 0; j < T.fetched_lines; ++j) __builtin_prefetch(ahead + j * line);
                        TAXON_UNROLL for (int i = 0; i < T.rows; ++i) TAXON_UNROLL for (int j = 0; j < T.wides; ++j)
                            sums[i][j] = D::template dot<Group>(inputs[i], columns[j], sums[i][j]);
                        weights += panel, ahead += ahead_step;
                    };
                    [&]<int... Group>(std::integer_sequence<int, Group...>) __attribute__((always_inline)) {
                        (group(std::integral_constant<int, Group>{}), ...);
                    }
                    (std::make_integer_sequence<int, groups>{});
                }
            for (; weights != end; pixels.advance(fold), weights += panel, ahead += ahead_step) {
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
            else
                finish<T.epilogue, Wide>(sum, to + j * Wide::lanes, shortcut + j * Wide::lanes, *run.operands,
                                         bias + j * Wide::lanes, run.steps);
        }
        if constexpr (T.narrows > 0) {
            const auto both = D::to_float(tails[i / 2]);
            const auto sum =
                value<D, Narrow>(i % 2 == 0 ? Tail::low(both) : Tail::high(both), bias + tail_channel, run.steps);
            finish<T.epilogue, Narrow>(sum, to + tail_channel, shortcut + tail_channel, *run.operands,
                                       bias + tail_channel, run.steps);
        }
    }
}
using TileCall = void (*)(const std::byte*, std::byte*, const std::byte*, const TileRun&);

/// Pixels per tile: as many as the registers hold beside the vectors of a column and a pixel's numbers, at most 16.
/// Without a register for the latter every product reloads them, and the limit is two loads per cycle (7x4 tiles: 88 %
/// of a Zen 5's peak, 6x4: 99 %). Where products take inputs from lanes, every pixel's are in registers of their own.
template <class D>
constexpr int most_rows(int wides, int narrows) {
    const int room = registers - wides * D::column_registers - D::spread_registers;
    if (narrows > 0) return std::min(16, 2 * (room - 2) / (2 * wides + 1));
    return std::max(1, std::min(16, wides > 0 ? room / (wides + registers_of_inputs<D>()) : 16));
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

}  // namespace taxon::cpu::TAXON_ISA
