// The register tile of bytes where no instruction sums their products in 32 bits (AVX2): eight outputs by up to eleven
// pixels. Groups of four inputs are multiplied in the order in which packing/byte_order.hpp sorted them for these
// outputs; or, if most of their sums would leave 16 bits, as 16-bit numbers, in tiles of pixels whose bytes are split
// once for a whole panel.
namespace taxon::cpu::TAXON_ISA {

/// True for products that come in this order.
template <class D>
inline constexpr bool by_byte_order = requires {
    &D::dot_pair;
};

/// Eight outputs' groups in order: pairs, single ones, others.
struct ByteOrder {
    int pairs, singles, all;
    const std::int32_t* inputs;  ///< bytes from a pixel's first input to those of each group
    const std::int8_t* weights;
};

/// Sums of a panel's vectors of outputs for each pixel of a tile.
template <int Rows>
using ByteSums = std::int32_t[8][static_cast<std::size_t>(Rows)][static_cast<std::size_t>(Wide::lanes)];

template <class D, int Rows>
TAXON_NOINLINE void multiply_in_order(ByteSums<Rows>& to, const std::uint8_t* in, const TileRun& run) {
    constexpr int bytes = D::fold * Wide::lanes;
    const std::byte* ahead = run.weights + run.reach.ahead;
    const std::ptrdiff_t ahead_step = run.reach.ahead_step;
    typename D::Sum sums[static_cast<std::size_t>(Rows)];
    TAXON_UNROLL for (int i = 0; i < Rows; ++i) sums[i] = typename D::Sum{};
    PixelRows<std::uint8_t, Rows> first(run.in_pitch), second(first);
    const ByteOrder& order = *run.order;
    const std::int8_t* weights = order.weights;
    const std::int32_t *at = order.inputs, *end = at + 2 * order.pairs;
    for (; at != end; at += 2, weights += 2 * bytes, ahead += 2 * ahead_step) {
        const auto v = D::bytes(weights), w = D::bytes(weights + bytes);
        first.start(in + at[0]), second.start(in + at[1]);
        __builtin_prefetch(ahead);
        TAXON_UNROLL for (int i = 0; i < Rows; ++i) sums[i] = D::dot_pair(first[i], v, second[i], w, sums[i]);
    }
    for (end += order.singles; at != end; ++at, weights += bytes) {
        const auto w = D::bytes(weights);
        first.start(in + *at);
        TAXON_UNROLL for (int i = 0; i < Rows; ++i) sums[i] = D::dot_single(first[i], w, sums[i]);
    }
    for (end = order.inputs + order.all; at != end; ++at, weights += bytes) {
        const auto w = D::column(weights);
        first.start(in + *at);
        TAXON_UNROLL for (int i = 0; i < Rows; ++i) sums[i] = D::dot(D::broadcast(first[i]), w, sums[i]);
    }
    TAXON_UNROLL for (int i = 0; i < Rows; ++i) D::store(to[0][i], sums[i]);
}

/// Pixels' bytes, split into even and odd ones, a part of a run at a time.
template <class D, int Rows>
struct SplitPixels {
    static constexpr int most = 128;  ///< groups
    alignas(32) std::uint32_t even[static_cast<std::size_t>(Rows)][most], odd[static_cast<std::size_t>(Rows)][most];

    TAXON_INLINE void fill(const std::uint8_t* in, std::ptrdiff_t pitch, int groups) {
        for (int i = 0; i < Rows; ++i, in += pitch) {
            int g = 0;
            for (; g + Wide::lanes <= groups; g += Wide::lanes) D::split(in + g * D::fold, even[i] + g, odd[i] + g);
            if (g < groups) D::split_first(in + g * D::fold, groups - g, even[i] + g, odd[i] + g);
        }
    }
};

/// Adds the products of `groups` to one vector's sums.
template <class D, int Rows>
TAXON_NOINLINE void multiply_split(std::int32_t (*to)[Wide::lanes], const SplitPixels<D, Rows>& pixels, int groups,
                                   const std::int8_t* weights, std::ptrdiff_t step, const std::int8_t* ahead,
                                   std::ptrdiff_t ahead_step) {
    typename D::Sum sums[static_cast<std::size_t>(Rows)];
    TAXON_UNROLL for (int i = 0; i < Rows; ++i) sums[i] = D::load(to[i]);
    for (int g = 0; g < groups; ++g, weights += step, ahead += ahead_step) {
        const auto w = D::column(weights);
        __builtin_prefetch(ahead);
        TAXON_UNROLL for (int i = 0; i < Rows; ++i) {
            sums[i] = D::dot_half(pixels.even[i] + g, w.even, sums[i]);
            sums[i] = D::dot_half(pixels.odd[i] + g, w.odd, sums[i]);
        }
    }
    TAXON_UNROLL for (int i = 0; i < Rows; ++i) D::store(to[i], sums[i]);
}

template <class D, int Rows>
TAXON_NOINLINE void multiply_split(ByteSums<Rows>& sums, const std::uint8_t* in, const TileRun& run) {
    constexpr int fold = D::fold, lanes = Wide::lanes;
    const Reach& reach = run.reach;
    const std::ptrdiff_t step = std::ptrdiff_t{fold} * reach.panel;
    const auto* weights = reinterpret_cast<const std::int8_t*>(run.weights);
    const std::int8_t* ahead = weights + reach.ahead;
    SplitPixels<D, Rows> pixels;
    __builtin_memset(sums, 0, sizeof sums);
    for (int row = 0; row < reach.rows; ++row)
        for (int tap = 0; tap < reach.taps; ++tap) {
            const std::uint8_t* at = in + row * reach.row_step + tap * reach.tap_step;
            for (int left = reach.length / fold; left > 0; left -= pixels.most, at += pixels.most * fold) {
                const int groups = left < pixels.most ? left : pixels.most;
                pixels.fill(at, run.in_pitch, groups);
                for (int v = 0; v < 8; ++v)
                    if (run.vectors >> v & 1)
                        multiply_split<D, Rows>(sums[v], pixels, groups, weights + v * fold * lanes, step, ahead,
                                                reach.ahead_step);
                weights += groups * step, ahead += groups * reach.ahead_step;
            }
        }
}

template <Tile T>
TAXON_NOINLINE void byte_tile(const std::byte* in_bytes, std::byte* out_bytes, const std::byte* residual_bytes,
                              const TileRun& run) {
    using D = Dot<T.weights>;
    const auto* in = reinterpret_cast<const std::uint8_t*>(in_bytes);
    alignas(32) ByteSums<T.rows> sums;
    if (run.order) multiply_in_order<D, T.rows>(sums, in, run);
    else multiply_split<D, T.rows>(sums, in, run);
    for (int v = 0, c = 0; v < 8; ++v, c += Wide::lanes) {
        if ((run.vectors >> v & 1) == 0) continue;
        auto* out = reinterpret_cast<Number<T.epilogue.out>*>(out_bytes) + c;
        const auto* residual = reinterpret_cast<const Number<T.epilogue.operand>*>(residual_bytes) + c;
        for (int i = 0; i < T.rows; ++i, out += run.out_pitch, residual += run.residual_pitch)
            finish<T.epilogue, Wide>(value<D, Wide>(D::to_float(D::load(sums[v][i])), run.bias + c, run.steps), out,
                                     residual, *run.operands, run.bias + c, run.steps);
    }
}

/// Eight outputs' groups, put in order anew for every vector of a panel: in the packed weights they would be a panel
/// apart, and few of them would stay in L1.
template <bool InOrder>
struct GroupsInOrder {
    static constexpr std::size_t most = taxon::detail::most_byte_groups;
    static constexpr int bytes = 4 * Wide::lanes;
    alignas(32) std::int8_t weights[most * bytes];
    std::int32_t inputs[most], every[most];
    ByteOrder order;
    int count = 0;

    /// For a reduction of at most so many groups.
    void start(const Reach& reach) {
        const int runs = reach.length / 4;
        for (int row = 0; row < reach.rows; ++row)
            for (int tap = 0; tap < reach.taps; ++tap)
                for (int i = 0; i < runs; ++i)
                    every[count++] = static_cast<std::int32_t>(row * reach.row_step + tap * reach.tap_step + 4 * i);
    }

    /// Those of a vector of a panel, or null if its bytes are to be split. Whatever the file says, groups lie within
    /// the panel.
    const ByteOrder* read(const std::uint16_t* packed, const std::byte* from, int panel) {
        const int pairs = packed[0] < count / 2 ? packed[0] : count / 2,
                  singles = packed[1] < count - 2 * pairs ? packed[1] : count - 2 * pairs;
        if (pairs + singles == 0) return nullptr;
        for (int i = 0; i < count; ++i) {
            const int group = packed[2 + i] < count ? packed[2 + i] : 0;
            inputs[i] = every[group];
            __builtin_memcpy(weights + i * bytes, from + std::ptrdiff_t{4} * panel * group, bytes);
        }
        order = {pairs, singles, count, inputs, weights};
        return &order;
    }
};

/// Other products need none.
template <>
struct GroupsInOrder<false> {
    static void start(const Reach&) {}
    static const ByteOrder* read(const std::uint16_t*, const std::byte*, int) { return nullptr; }
};

}  // namespace taxon::cpu::TAXON_ISA
