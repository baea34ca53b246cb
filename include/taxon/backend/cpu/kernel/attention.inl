// Self-attention per head: softmax(Q·Kᵀ / √d)·V.
namespace taxon::cpu::TAXON_ISA {

using Row = EightFloats;

/// Transposes eight rows of eight numbers: pairs, quarters, then halves of registers.
TAXON_INLINE void turn(Row (&rows)[8]) {
    Row pairs[8], quarters[8];
    TAXON_UNROLL for (int i = 0; i < 8; i += 2) {
        pairs[i] = __builtin_shufflevector(rows[i], rows[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        pairs[i + 1] = __builtin_shufflevector(rows[i], rows[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
    TAXON_UNROLL for (int i = 0; i < 8; i += 4) TAXON_UNROLL for (int j = 0; j < 2; ++j) {
        quarters[i + 2 * j] = __builtin_shufflevector(pairs[i + j], pairs[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
        quarters[i + 2 * j + 1] = __builtin_shufflevector(pairs[i + j], pairs[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
    TAXON_UNROLL for (int i = 0; i < 4; ++i) {
        rows[i] = __builtin_shufflevector(quarters[i], quarters[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        rows[i + 4] = __builtin_shufflevector(quarters[i], quarters[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

/// Loads eight numbers of any type, times `scale`.
template <Element In>
TAXON_INLINE void read_row(Row& row, const Number<In>* from, const QuantizationParameters& as, float scale) {
    float numbers[8];
    TAXON_UNROLL for (int i = 0; i < 8; i += Narrow::lanes) Narrow::store(numbers + i, read<In, Narrow>(from + i, as));
    std::memcpy(&row, numbers, sizeof row);
    row *= scale;
}

/// Queries of a block, in the lanes of registers: a row of numbers for each key or feature.
inline constexpr int attention_lanes = Wide::lanes, attention_width = 2 * Wide::lanes < 8 ? 8 : 2 * Wide::lanes,
                     attention_chunk = 128;
using AttentionLanes = float[std::size_t{attention_width}];

/// Keys and values are read where they are; otherwise they are copied as floats, a chunk at a time: also where a pitch
/// of half pages would map all keys to the same few cache sets (196 tokens with 16 heads of 32 take 13 % less with
/// AVX-512).
constexpr bool reads_keys_in_place(const Geometry& g) {
    return g.in.element == Element::float32 && (g.out.shape.sequence || g.in.halo == Halo{}) && g.in.pitch % 512 != 0;
}

/// The sizes of an attention, which the compiler knows, and the memory of a block.
template <Geometry G>
struct AttentionSizes {
    static constexpr bool known = true;
    static constexpr Element in_element = G.in.element, out_element = G.out.element;
    static constexpr View in = G.in, out = G.out;
    static constexpr int features = G.out.shape.channels, heads = G.heads, size = features / heads,
                         columns = round_up(size, 8);
    static constexpr bool sequence = G.out.shape.sequence, as_they_are = reads_keys_in_place(G);
    static constexpr int pitch = as_they_are ? G.in.pitch : columns;
    static constexpr std::size_t converted = as_they_are ? 1 : std::size_t{attention_chunk} * columns;

    struct Block {
        alignas(64) AttentionLanes queries[std::size_t{columns}], scores[std::size_t{attention_chunk}],
            mixed[std::size_t{columns}], largest, sums;
        float keys[converted], values[converted];
    };
};

/// Queries occupy the lanes of registers from the dot products to the output. So keys and values are read in place, one
/// number broadcast at a time; a softmax needs no horizontal sums; and every set with fused multiply-add gives the same
/// bytes. Scores of up to `chunk` keys stay in L1; for longer sequences, partial results are rescaled to the running
/// maximum (Dao et al. 2022, section 3.1). A unit of work is a head and a block of queries. The tokens of a picture are
/// its pixels.
template <class Sizes>
struct Attention : Sizes {
    using Sizes::in, Sizes::out, Sizes::features, Sizes::heads, Sizes::size, Sizes::columns, Sizes::sequence,
        Sizes::as_they_are, Sizes::pitch;
    using Block = typename Sizes::Block;
    static constexpr Element in_element = Sizes::in_element, out_element = Sizes::out_element;
    static constexpr int lanes = attention_lanes, width = attention_width, rows = registers == 32 ? 8 : 4,
                         chunk = attention_chunk;
    using Vector = typename Wide::type;
    template <int Count>
    using Vectors = Vector[std::size_t{Count}];
    template <int Rows, int Wides>
    using Tile = Vector[std::size_t{Rows}][std::size_t{Wides}];
    using Lanes = AttentionLanes;

    /// Elements before a token.
    TAXON_INLINE int before(const View& view, int token) const {
        if (sequence || view.halo == Halo{}) return token * view.pitch;
        return view.pixel(token / view.shape.width, token % view.shape.width);
    }

    /// sums[i][j] += Σ numbers[i · row + k · step] · vectors[k][j]
    template <int Rows, int Wides>
    TAXON_INLINE static void multiply(Tile<Rows, Wides>& sums, const float* numbers, int row, int step,
                                      const Lanes* vectors, int depth) {
        for (int k = 0; k < depth; ++k, numbers += step) {
            Vectors<Wides> column;
            TAXON_UNROLL for (int j = 0; j < Wides; ++j) column[j] = Wide::load(vectors[k] + j * lanes);
            TAXON_UNROLL for (int i = 0; i < Rows; ++i) {
                const auto number = Wide::set(numbers[i * row]);
                TAXON_UNROLL for (int j = 0; j < Wides; ++j) sums[i][j] = Wide::fma(number, column[j], sums[i][j]);
            }
        }
    }

    /// Scores of `Rows` keys, and the running maximum.
    template <int Rows, int Wides>
    TAXON_INLINE void score(Block& b, const float* keys, int key, Vectors<Wides>& largest) const {
        Tile<Rows, Wides> sums;
        TAXON_UNROLL for (int i = 0; i < Rows; ++i) TAXON_UNROLL for (int j = 0; j < Wides; ++j) sums[i][j] =
            Wide::set(0);
        multiply<Rows, Wides>(sums, keys + key * pitch, pitch, 1, b.queries, size);
        TAXON_UNROLL for (int i = 0; i < Rows; ++i) TAXON_UNROLL for (int j = 0; j < Wides; ++j) {
            Wide::store(b.scores[key + i] + j * lanes, sums[i][j]);
            largest[j] = Wide::max(largest[j], sums[i][j]);
        }
    }

    /// `Rows` features from `feature` on: the partial result, rescaled, plus the contribution of `count` keys.
    template <int Rows, int Wides>
    TAXON_INLINE void mix(Block& b, const float* values, int feature, int count, const Vectors<Wides>& scale) const {
        Tile<Rows, Wides> sums;
        TAXON_UNROLL for (int i = 0; i < Rows; ++i) TAXON_UNROLL for (int j = 0; j < Wides; ++j) sums[i][j] =
            Wide::load(b.mixed[feature + i] + j * lanes) * scale[j];
        multiply<Rows, Wides>(sums, values + feature, 1, pitch, b.scores, count);
        TAXON_UNROLL for (int i = 0; i < Rows; ++i) TAXON_UNROLL for (int j = 0; j < Wides; ++j)
            Wide::store(b.mixed[feature + i] + j * lanes, sums[i][j]);
    }

    /// Adds a chunk of keys and values to the block.
    template <int Wides>
    TAXON_NOINLINE void attend(Block& b, const float* keys, const float* values, int count) const {
        Vectors<Wides> before, largest, scale, sum;
        TAXON_UNROLL for (int j = 0; j < Wides; ++j) before[j] = largest[j] = Wide::load(b.largest + j * lanes);
        int key = 0;
        for (; key + rows <= count; key += rows) score<rows, Wides>(b, keys, key, largest);
        // some of them are repeated
        if (key < count && count >= rows) score<rows, Wides>(b, keys, count - rows, largest);
        else
            for (; key < count; ++key) score<1, Wides>(b, keys, key, largest);
        TAXON_UNROLL for (int j = 0; j < Wides; ++j) {
            Wide::store(b.largest + j * lanes, largest[j]);
            scale[j] = exponential<Wide>(before[j] - largest[j]);
            sum[j] = Wide::load(b.sums + j * lanes) * scale[j];
        }
        for (key = 0; key < count; ++key) TAXON_UNROLL for (int j = 0; j < Wides; ++j) {
                const auto weight = exponential<Wide>(Wide::load(b.scores[key] + j * lanes) - largest[j]);
                Wide::store(b.scores[key] + j * lanes, weight);
                sum[j] = sum[j] + weight;
            }
        TAXON_UNROLL for (int j = 0; j < Wides; ++j) Wide::store(b.sums + j * lanes, sum[j]);
        int feature = 0;
        for (; feature + rows <= size; feature += rows) mix<rows, Wides>(b, values, feature, count, scale);
        if constexpr (!Sizes::known)
            for (; feature < size; ++feature) mix<1, Wides>(b, values, feature, count, scale);
        else if constexpr (Sizes::size % rows > 0) mix<Sizes::size % rows, Wides>(b, values, feature, count, scale);
    }

    /// (query, feature) to (feature, query), divided by √d. Lanes without a query of their own repeat the last one.
    void load_queries(Block& b, const Number<in_element>* from, int first, int count,
                      const QuantizationParameters& as) const {
        const float inverse_root = 1 / __builtin_sqrtf(static_cast<float>(size));
        for (int q = 0; q < count; q += 8)
            for (int c = 0; c < columns; c += 8) {
                Row block[8];
                TAXON_UNROLL for (int i = 0; i < 8; ++i) read_row<in_element>(
                    block[i], from + before(in, first + (q + i < count ? q + i : count - 1)) + c, as, inverse_root);
                turn(block);
                TAXON_UNROLL for (int i = 0; i < 8; ++i) std::memcpy(b.queries[c + i] + q, &block[i], sizeof block[i]);
            }
        std::memset(b.mixed, 0, sizeof(Lanes) * static_cast<std::size_t>(columns));
        for (int q = 0; q < width; ++q) b.largest[q] = -1e30f, b.sums[q] = 0;
    }

    /// (feature, query) to (query, feature), divided by the sum of the weights. Zeros follow the last head: products of
    /// several inputs read them.
    void store(const Block& b, Number<out_element>* head, int first, int count, bool is_last,
               const QuantizationParameters& as) const {
        const auto write_row = [&](Number<out_element>* to, const float* numbers, int wanted) {
            Number<out_element> row[8];
            TAXON_UNROLL for (int i = 0; i < 8; i += Narrow::lanes)
                write<out_element, Narrow>(row + i, Narrow::load(numbers + i), as);
            std::memcpy(static_cast<void*>(to), row, sizeof *row * static_cast<std::size_t>(wanted));
        };
        constexpr float zeros[8] = {};
        for (int q = 0; q < count; q += 8) {
            Row sums, block[8];
            std::memcpy(&sums, b.sums + q, sizeof sums);
            sums = 1 / sums;
            const int there = count - q < 8 ? count - q : 8;
            for (int c = 0; c < columns; c += 8) {
                TAXON_UNROLL for (int i = 0; i < 8; ++i) std::memcpy(&block[i], b.mixed[c + i] + q, sizeof block[i]),
                    block[i] *= sums;
                turn(block);
                float numbers[8][8];
                std::memcpy(numbers, block, sizeof numbers);
                for (int i = 0; i < there; ++i) {
                    auto* to = head + before(out, first + q + i) + c;
                    if (c + 8 <= size) write_row(to, numbers[i], 8);
                    else write_row(to, numbers[i], size % 8);
                }
            }
            if (features % 8 > 0 && is_last)
                for (int i = 0; i < there; ++i)
                    write_row(head + before(out, first + q + i) + size, zeros, 8 - features % 8);
        }
    }

    void attend_all(Block& b, const Operands& o) const {
        const int tokens = sequence ? o.length : out.shape.pixels(), keys = sequence && o.valid > 0 ? o.valid : tokens,
                  blocks = (tokens + width - 1) / width;
        const auto mine = o.share(heads * blocks);
        std::memset(b.queries, 0, sizeof(Lanes) * static_cast<std::size_t>(columns));  // lanes unused by a block
        for (int unit = mine.first; unit < mine.last; ++unit) {
            const int head = unit / blocks, query = unit % blocks * width,
                      count = tokens - query < width ? tokens - query : width;
            const auto* own = o.in_as<in_element>() + head * size;
            load_queries(b, own, query, count, o.in_quantization);
            for (int key = 0; key < keys; key += chunk) {
                const int wanted = keys - key < chunk ? keys - key : chunk;
                const float *key_numbers = b.keys, *value_numbers = b.values;
                if (as_they_are) {
                    if constexpr (in_element == Element::float32)
                        key_numbers = own + features + key * in.pitch, value_numbers = key_numbers + features;
                } else
                    for (int t = 0; t < wanted; ++t)
                        for (int c = 0; c < columns; c += Narrow::lanes) {
                            const auto* from = own + features + before(in, key + t) + c;
                            Narrow::store(b.keys + t * pitch + c, read<in_element, Narrow>(from, o.in_quantization));
                            Narrow::store(b.values + t * pitch + c,
                                          read<in_element, Narrow>(from + features, o.in_quantization));
                        }
                if (count > lanes) attend<2>(b, key_numbers, value_numbers, wanted);
                else attend<1>(b, key_numbers, value_numbers, wanted);
            }
            store(b, o.out_as<out_element>() + head * size, query, count, head == heads - 1, o.out_quantization);
        }
    }

    static void run(const Geometry&, const Operands& o) {
        Block b;
        Attention{}.attend_all(b, o);
    }
};

}  // namespace taxon::cpu::TAXON_ISA
