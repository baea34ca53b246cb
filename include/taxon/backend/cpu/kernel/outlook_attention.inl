// Outlook attention over windows of 3x3 pixels, two apart, without unfolded values: a block of 2x2 pixels, held in
// registers, receives from the four windows that it lies in.
namespace taxon::cpu::TAXON_ISA {

/// A head's weights for a row of windows, a row for each pixel q that gives: [q][window · 9 + p].
struct OutlookRow {
    static constexpr int most = 32;  ///< windows, and the one after them
    alignas(64) float of[9][round_up((most + 1) * 9, 16)] = {};

    /// From logits (p, q) of each window: softmax over q.
    TAXON_NOINLINE void load(const float* logits, int pitch, int windows, float scale) {
        for (int j = 0; j < windows; ++j, logits += pitch)
            for (int p = 0; p < 9; ++p) TAXON_UNROLL for (int q = 0; q < 9; ++q) of[q][j * 9 + p] = logits[p * 9 + q];
        for (int i = 0; i < windows * 9; i += Wide::lanes) {
            auto largest = Wide::load(of[0] + i), sum = Wide::set(0);
            TAXON_UNROLL for (int q = 1; q < 9; ++q) largest = Wide::max(largest, Wide::load(of[q] + i));
            typename Wide::type weights[9];
            TAXON_UNROLL for (int q = 0; q < 9; ++q) {
                weights[q] = exponential<Wide>((Wide::load(of[q] + i) - largest) * Wide::set(scale));
                sum = sum + weights[q];
            }
            sum = Wide::set(1) / sum;
            TAXON_UNROLL for (int q = 0; q < 9; ++q) Wide::store(of[q] + i, weights[q] * sum);
        }
    }
};

/// Two by two pixels, some vectors of channels each.
template <class V, int Vectors>
struct OutlookBlock {
    typename V::type sums[4][std::size_t{Vectors}];

    TAXON_INLINE OutlookBlock() {
        TAXON_UNROLL for (int i = 0; i < 4; ++i) TAXON_UNROLL for (int j = 0; j < Vectors; ++j) sums[i][j] = V::set(0);
    }

    /// Adds what the pixels receive from a window: their own, in whose middle the first of them lies, or the one below,
    /// to the right or both, which reaches one column or row of them.
    template <bool Below, bool Right>
    TAXON_INLINE void receive(const float* values, const View& view, const OutlookRow& weights, int window) {
        for (int q = 0; q < 9; ++q) {
            const float* from = values + view.pixel(q / 3, q % 3);
            const float* of = weights.of[q] + window * 9;
            typename V::type given[std::size_t{Vectors}];
            TAXON_UNROLL for (int j = 0; j < Vectors; ++j) given[j] = V::load(from + j * V::lanes);
            TAXON_UNROLL for (int y = Below; y < 2; ++y) TAXON_UNROLL for (int x = Right; x < 2; ++x) {
                const auto weight = V::set(of[3 * (y + 1 - 2 * Below) + x + 1 - 2 * Right]);
                TAXON_UNROLL for (int j = 0; j < Vectors; ++j) sums[2 * y + x][j] =
                    V::fma(weight, given[j], sums[2 * y + x][j]);
            }
        }
    }
};

/// A head's channels of one block of pixels; `rows`: of windows, its own and the one below if there is one.
template <Element Out, class V, int Vectors>
TAXON_INLINE void outlook_block(const Geometry& g, const Operands& o, int y, int x, int channel,
                                const OutlookRow* const (&rows)[2], int window) {
    OutlookBlock<V, Vectors> block;
    const float* values = o.in_as<Element::float32>() + channel;
    const auto corner = [&](int below, int right) { return values + g.in.pixel(y - 1 + 2 * below, x - 1 + 2 * right); };
    const bool below = y + 2 < g.in.shape.height, right = x + 2 < g.in.shape.width;
    block.template receive<false, false>(corner(0, 0), g.in, *rows[0], window);
    if (right) block.template receive<false, true>(corner(0, 1), g.in, *rows[0], window + 1);
    if (below) block.template receive<true, false>(corner(1, 0), g.in, *rows[1], window);
    if (below && right) block.template receive<true, true>(corner(1, 1), g.in, *rows[1], window + 1);
    TAXON_UNROLL for (int i = 0; i < 4; ++i) {
        if (y + i / 2 >= g.out.shape.height || x + i % 2 >= g.out.shape.width) continue;
        auto* to = o.out_as<Out>() + g.out.pixel(y + i / 2, x + i % 2) + channel;
        TAXON_UNROLL for (int j = 0; j < Vectors; ++j)
            write<Out, V>(to + j * V::lanes, block.sums[i][j], o.out_quantization);
    }
}

/// Operand: the logits of each window. Parts share rows of windows of each head; the weights of a row serve the row
/// above as well.
template <Element Out>
TAXON_NOINLINE void outlook_attention(const Geometry& g, const Operands& o) {
    const View& logits = g.operand;
    const int size = g.out.shape.channels / g.heads, rows = logits.shape.height, across = logits.shape.width,
              strips = (across + OutlookRow::most - 1) / OutlookRow::most;
    const float scale = 1 / __builtin_sqrtf(static_cast<float>(size));
    OutlookRow weights[2];
    const auto mine = o.share(g.heads * strips * rows);
    for (int unit = mine.first; unit < mine.last; ++unit) {
        const int row = unit % rows, strip = unit / rows % strips, head = unit / rows / strips,
                  first = strip * OutlookRow::most, there = across - first;
        const auto load = [&](int i) {
            weights[i % 2].load(o.operand_as<Element::float32>() + logits.pixel(i, first) + head * 81, logits.pitch,
                                there < OutlookRow::most + 1 ? there : OutlookRow::most + 1, scale);
        };
        if (row == 0 || unit == mine.first) load(row);
        if (row + 1 < rows) load(row + 1);
        const OutlookRow* const both[2] = {&weights[row % 2], &weights[(row + 1) % 2]};
        for (int window = 0; window < there && window < OutlookRow::most; ++window) {
            const int y = 2 * row, x = 2 * (first + window), channel = head * size;
            int c = 0;
            for (; c + 2 * Wide::lanes <= size; c += 2 * Wide::lanes)
                outlook_block<Out, Wide, 2>(g, o, y, x, channel + c, both, window);
            for (; c < size; c += Narrow::lanes) outlook_block<Out, Narrow, 1>(g, o, y, x, channel + c, both, window);
        }
    }
}

}  // namespace taxon::cpu::TAXON_ISA
