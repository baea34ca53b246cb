// Tokens times a matrix by matrix tiles (AMX), for any number of tokens.
namespace taxon::cpu::amx {

/// Blocks of two tiles of tokens by two of outputs, a panel, fill the four accumulator tiles. A panel is split into
/// chunks of 512 bytes of every output, each multiplied by all blocks in turn while the next one is prefetched: its 16
/// KB stay in L1, so that only tokens come from L2. If both came from L2, storing a block's sums would take 300 ns, and
/// its products 600.
template <Geometry G>
struct MatrixTokens {
    using D = Dot<G.weights>;
    using Token = Number<G.in.element>;
    using Sums = typename D::Total[4][16][16];  ///< in the layout of tiles in memory
    static constexpr View in = G.in, out = G.out, residual = G.operand;
    static constexpr int channels = round_up(out.shape.channels, 8),
                         last = channels % G.panel ? channels % G.panel : G.panel;
    static constexpr int bytes = G.depth * static_cast<int>(sizeof(Token)),
                         chunk = bytes <= 512   ? bytes
                                 : bytes == 768 ? 384
                                                : 512,
                         rest = bytes % 64, steps = round_up(out.shape.channels, 32);
    static constexpr int most = 4;  ///< blocks whose sums are kept in memory between two chunks
    static_assert(G.panel <= 32);

    /// Tiles of `rows` tokens, the second one `below` tokens after the first. Because no tile may extend past the last
    /// token, the last tile repeats `again` tokens of the tile before it.
    struct Block {
        int token, below, rows, again;
    };

    /// The bytes `from` to `to` of every token, and the part of the next chunk's weights to prefetch meanwhile.
    struct Chunk {
        int from, to;
        const std::byte *weights, *next;
    };

    /// A chunk's products for a block, `Below` tiles of tokens by `Width` outputs; with the epilogue if they are the
    /// last.
    template <int Width, int Below>
    TAXON_NOINLINE static void multiply(const Operands& o, int channel, Block b, Chunk c, int fetched_lines,
                                        Sums& sums) {
        constexpr int beside = (Width + 15) / 16, count = Below * beside;
        constexpr std::ptrdiff_t pixel = in.pitch * static_cast<int>(sizeof(Token)), group = Width * 4;
        if (c.from == 0) {
            _tile_zero(0);
            _tile_zero(1);
            _tile_zero(2);
            _tile_zero(3);
        } else {
            _tile_loadd(0, sums[0], 64);
            if constexpr (count > 1) { _tile_loadd(1, sums[1], 64); }
            if constexpr (count > 2) {
                _tile_loadd(2, sums[2], 64);
                _tile_loadd(3, sums[3], 64);
            }
        }
        const std::byte* tokens = o.in + b.token * pixel;
        int k = c.from;
        for (; k + 64 <= c.to; k += 64, c.weights += 16 * group) {
            matrix_step<D, false, rest == 0, Below, beside>(tokens + k, pixel, b.below * pixel, c.weights, group);
            for (int i = 0; i < fetched_lines; ++i, c.next += 64) __builtin_prefetch(c.next, 0, 2);
        }
        if constexpr (rest > 0)
            if (c.to == bytes)
                matrix_step<D, true, false, Below, beside>(tokens + k, pixel, b.below * pixel, c.weights, group);
        _tile_stored(0, sums[0], 64);
        if constexpr (count > 1) { _tile_stored(1, sums[1], 64); }
        if constexpr (count > 2) {
            _tile_stored(2, sums[2], 64);
            _tile_stored(3, sums[3], 64);
        }
        if (c.to < bytes) return;
        for (int y = 0; y < Below; ++y)
            for (int x = y + 1 < Below ? 0 : b.again; x < b.rows; ++x) {
                const int token = b.token + y * b.below + x;
                auto* to = o.out_as<out.element>() + token * out.pitch + channel;
                const auto* with = o.operand_as<residual.element>() + token * residual.pitch + channel;
                const float* bias = o.bias + channel;
                TAXON_UNROLL for (int n = 0; n + 8 <= Width; n += 16) {
                    const auto sum = D::to_float(D::load(sums[y * beside + n / 16][x]));
                    if (n + 16 <= Width)
                        finish<Epilogue(G), Wide>(total<Wide>(sum, bias + n), to + n, with + n, o, bias + n, steps);
                    else
                        finish<Epilogue(G), Narrow>(total<Narrow>(Pair::low(sum), bias + n), to + n, with + n, o,
                                                    bias + n, steps);
                }
            }
    }

    /// Sums started at zero.
    template <class V>
    TAXON_INLINE static typename V::type total(typename V::type sum, const float* bias) {
        if constexpr (D::exact) return V::fma(sum, V::load(bias + steps), V::load(bias));
        else return sum + V::load(bias);
    }

    /// A panel's outputs for the tiles of `rows` tokens from `first`, a multiple of two, to `end`.
    template <int Width>
    static void panel(const Operands& o, int channel, int rows, int first, int end) {
        const std::byte *first_chunk = o.weights + channel * bytes, *weights = first_chunk;
        Sums sums[most];
        for (int begin = first; begin < end; begin += 2 * most, weights = first_chunk) {
            const int blocks = std::min(most, (end - begin + 1) / 2), lines = (Width + blocks - 1) / blocks;
            for (int from = 0; from < bytes; from += chunk) {
                const int to = std::min(from + chunk, bytes);
                const std::byte *after = weights + (to - from) * Width,
                                *next = to == bytes && begin + 2 * most < end ? first_chunk : after;
                for (int i = 0; i < blocks; ++i, next += lines * (to - from)) {
                    const int tile = begin + 2 * i, second = std::min(tile + 1, end - 1);
                    const auto start = [&](int number) { return std::min(number * rows, o.length - rows); };
                    const Block block{start(tile), start(second) - start(tile), rows, second * rows - start(second)};
                    const Chunk now{from, to, weights, next};
                    if (second > tile) multiply<Width, 2>(o, channel, block, now, lines, sums[i]);
                    else multiply<Width, 1>(o, channel, block, now, lines, sums[i]);
                }
                weights = after;
            }
        }
    }

    /// Parts share the panels, each reading all tokens, or the tokens, each reading all weights: whichever reads less.
    static void run(const Geometry&, const Operands& o) {
        const int rows = matrix_rows(o.length), tiles = (o.length + rows - 1) / rows;
        const TileShapes shapes(rows, rest);
        const TileSession session(shapes);
        const bool by_tokens = o.length > channels;
        const int count = (channels + G.panel - 1) / G.panel;
        const auto blocks = o.share((tiles + 1) / 2), panels = by_tokens ? Operands::Range{0, count} : o.share(count);
        const int first = by_tokens ? 2 * blocks.first : 0, end = by_tokens ? std::min(2 * blocks.last, tiles) : tiles;
        for (int channel = panels.first * G.panel; channel < std::min(panels.last * G.panel, channels);
             channel += G.panel)
            if (channel < channels - last) panel<G.panel>(o, channel, rows, first, end);
            else panel<last>(o, channel, rows, first, end);
    }
};

/// Like the other sets' `kernel_of`, whose kernels handle what matrix tiles cannot.
template <Geometry G>
constexpr KernelCall kernel_of() {
    if constexpr (!suits_matrix_tiles(G)) return avx512::kernel_of<G>();
    else if constexpr (G.out.shape.sequence) return &MatrixTokens<G>::run;
    else return &MatrixConvolution<G>::run;
}

}  // namespace taxon::cpu::amx
