// Attention over dense values: softmax(factor · q · kᵀ + bias) · v, without the matrix of all scores.
namespace taxon::cpu::TAXON_ISA {

/// As attention.inl: queries lie along vectors from the dot products to the output, keys and values are read where they
/// are, one number at a time, and partial results are rescaled to the running maximum. Here both products are tiles of
/// product_tile.inl, and so all sizes are run-time arguments. A unit of work is a block of queries of a sample.
class ScaledDotProduct {
  public:
    explicit ScaledDotProduct(const Operands& o)
        : nest_(*o.nest), batch_(nest_.rank - 4), queries_(size(0)), values_(size(1)), keys_(size(2)),
          features_(size(3)), of_bias_(nest_.operand_count > 3 ? &o.nest[1].operands[0] : nullptr), q_(floats_of(o.in)),
          k_(floats_of(o.operand)), v_(floats_of(o.third)), bias_(floats_of(o.fourth)),
          to_(o.out_as<Element::float32>()) {}

    void run(const Operands& o) const {
        const int blocks = (queries_ + most_width - 1) / most_width;
        const auto mine = o.share(nest_.count(0, batch_) * blocks);
        Block block;
        for (int unit = mine.first; unit < mine.last; ++unit) {
            const int first = unit % blocks * most_width;
            attend(block, unit / blocks, first, std::min(most_width, queries_ - first));
        }
    }

  private:
    static constexpr int lanes = Wide::lanes, most_width = std::max(product_wides, 2) * lanes, chunk = 128,
                         most_features = 128;
    static_assert(most_width >= 8 && most_width % 8 == 0);

    struct Block {
        alignas(64) float queries[most_features * most_width], scores[chunk * most_width],
            mixed[most_features * most_width], largest[most_width], sums[most_width], scale[most_width];
    };

    int size(int axis) const { return nest_.sizes[static_cast<std::size_t>(batch_ + axis)]; }
    int stride(const Strides& strides, int axis) const { return strides.by[static_cast<std::size_t>(batch_ + axis)]; }
    /// The first number of a sample.
    int start(const Strides& strides, int sample) const {
        int at = strides.first;
        for (int axis = batch_; axis-- > 0; sample /= nest_.sizes[static_cast<std::size_t>(axis)])
            at += sample % nest_.sizes[static_cast<std::size_t>(axis)] * strides.by[static_cast<std::size_t>(axis)];
        return at;
    }

    /// Rows that one axis leads to, with results `width` apart.
    static ProductAxes rows(int count, int step, int width) {
        ProductAxes axes;
        axes.rank = 1, axes.count = count;
        axes.put(0, count, step, 0, width);
        return axes;
    }
    static ProductRuns run_of(int length, int a_step, int b_step) {
        ProductRuns runs;
        runs.count = 1, runs.length = length, runs.a_step = a_step, runs.b_step = b_step;
        runs.a[0] = runs.b[0] = 0;
        return runs;
    }
    static ProductRows tile_of(int wides, bool adds) {
        ProductRows tile;
        tile.b_tail = tile.to_tail = (wides - 1) * lanes, tile.adds = adds, tile.factor = 1;
        return tile;
    }

    TAXON_NOINLINE void attend(Block& b, int sample, int first, int count) const {
        const int wides = count > 2 * lanes ? product_wides : count > lanes || lanes < 8 ? 2 : 1, width = wides * lanes;
        const Strides &of_q = nest_.operands[0], &of_k = nest_.operands[1], &of_v = nest_.operands[2];
        const float *const k = k_ + start(of_k, sample), *const v = v_ + start(of_v, sample);
        for (int value = 0; value < values_; value += most_features) {
            const int values = std::min(most_features, values_ - value);
            for (int i = 0; i < width; ++i) b.largest[i] = -__builtin_inff(), b.sums[i] = 0;
            for (int key = 0; key < keys_; key += chunk) {
                const int keys = std::min(chunk, keys_ - key);
                if (of_bias_ != nullptr) load_bias(b, sample, first, count, key, keys, width);
                for (int feature = 0; feature < features_; feature += most_features) {
                    const int features = std::min(most_features, features_ - feature);
                    if (key + value == 0 || features_ > most_features)
                        load_queries(b, q_ + start(of_q, sample), first, count, feature, features, width);
                    ProductRows tile = tile_of(wides, of_bias_ != nullptr || feature > 0);
                    product_tiles(wides, run_of(features, stride(of_k, 3), width), b.queries,
                                  rows(keys, stride(of_k, 2), width), 0, keys,
                                  k + key * stride(of_k, 2) + feature * stride(of_k, 3), b.scores, 0, tile);
                }
                if (wides > 2) weigh<product_wides>(b, keys, key > 0 ? values : 0);
                else if (wides == 2) weigh<2>(b, keys, key > 0 ? values : 0);
                else weigh<1>(b, keys, key > 0 ? values : 0);
                ProductRows tile = tile_of(wides, key > 0);
                product_tiles(wides, run_of(keys, stride(of_v, 2), width), b.scores,
                              rows(values, stride(of_v, 1), width), 0, values,
                              v + key * stride(of_v, 2) + value * stride(of_v, 1), b.mixed, 0, tile);
            }
            store(b, to_ + start(nest_.out, sample), first, count, value, values, width);
        }
    }

    /// Offsets of queries; lanes without one of their own repeat the last.
    static void place(int (&columns)[most_width], int step, int first, int count, int width) {
        for (int i = 0; i < width; ++i) columns[i] = (first + std::min(i, count - 1)) * step;
    }

    /// (query, feature) to (feature, query), times the factor.
    void load_queries(Block& b, const float* q, int first, int count, int feature, int features, int width) const {
        int columns[most_width];
        place(columns, stride(nest_.operands[0], 0), first, count, width);
        const int step = stride(nest_.operands[0], 3);
        ProductRuns runs = run_of(features, 0, step);
        pack_panel(runs, q + feature * step, columns, width, b.queries);
        const auto factor = Wide::set(static_cast<float>(nest_.first));
        for (int i = 0; i < features * width; i += lanes)
            Wide::store(b.queries + i, Wide::load(b.queries + i) * factor);
    }

    /// What scores start at: (query, key) to (key, query).
    void load_bias(Block& b, int sample, int first, int count, int key, int keys, int width) const {
        const int by_query = stride(*of_bias_, 0), by_key = stride(*of_bias_, 2);
        const float* const bias = bias_ + start(*of_bias_, sample) + key * by_key;
        if (by_query == 0) {
            for (int i = 0; i < keys; ++i)
                for (int j = 0; j < width; j += lanes)
                    Wide::store(b.scores + i * width + j, Wide::set(bias[i * by_key]));
            return;
        }
        int columns[most_width];
        place(columns, by_query, first, count, width);
        ProductRuns runs = run_of(keys, 0, by_key);
        pack_panel(runs, bias, columns, width, b.scores);
    }

    /// Scores to weights, their sums, and the partial results of `values` features rescaled. Distances are from a
    /// finite number, so that keys before the first one that is not masked by −∞ weigh 1e-38 of it.
    template <int Wides>
    TAXON_NOINLINE static void weigh(Block& b, int keys, int values) {
        constexpr int width = Wides * lanes;
        const auto least = Wide::set(-__FLT_MAX__);
        typename Wide::type largest[std::size_t{Wides}], sums[std::size_t{Wides}];
        TAXON_UNROLL for (int j = 0; j < Wides; ++j) largest[j] = Wide::load(b.largest + j * lanes);
        for (int i = 0; i < keys; ++i)
            TAXON_UNROLL for (int j = 0; j < Wides; ++j) largest[j] =
                Wide::max(largest[j], Wide::load(b.scores + i * width + j * lanes));
        TAXON_UNROLL for (int j = 0; j < Wides; ++j) {
            const auto before = Wide::max(least, Wide::load(b.largest + j * lanes));
            Wide::store(b.largest + j * lanes, largest[j]);
            largest[j] = Wide::max(least, largest[j]);
            const auto scale = exponential<Wide>(before - largest[j]);
            sums[j] = Wide::load(b.sums + j * lanes) * scale;
            Wide::store(b.scale + j * lanes, scale);
        }
        for (int i = 0; i < keys; ++i) TAXON_UNROLL for (int j = 0; j < Wides; ++j) {
                float* const score = b.scores + i * width + j * lanes;
                const auto weight = exponential<Wide>(Wide::load(score) - largest[j]);
                Wide::store(score, weight);
                sums[j] = sums[j] + weight;
            }
        TAXON_UNROLL for (int j = 0; j < Wides; ++j) Wide::store(b.sums + j * lanes, sums[j]);
        for (int i = 0; i < values; ++i) TAXON_UNROLL for (int j = 0; j < Wides; ++j) {
                float* const mixed = b.mixed + i * width + j * lanes;
                Wide::store(mixed, Wide::load(mixed) * Wide::load(b.scale + j * lanes));
            }
    }

    /// (feature, query) to (query, feature), divided by the sum of the weights. A query whose keys are all masked by −∞
    /// gets NaN, as of a softmax.
    void store(Block& b, float* to, int first, int count, int value, int values, int width) const {
        const int by_query = stride(nest_.out, 0), by_value = stride(nest_.out, 1);
        to += first * by_query + value * by_value;
        for (int q = 0; q < count; q += 8) {
            Row sums, largest;
            std::memcpy(&sums, b.sums + q, sizeof sums), std::memcpy(&largest, b.largest + q, sizeof largest);
            const Row inverse = 1 / (sums + (largest - largest));
            const int there = std::min(8, count - q);
            for (int c = 0; c < values; c += 8) {
                const int wanted = std::min(8, values - c);
                Row square[8];
                for (int i = 0; i < 8; ++i) {
                    // rows that are not there repeat the last one
                    std::memcpy(&square[i], b.mixed + (c + std::min(i, wanted - 1)) * width + q, sizeof square[i]);
                    square[i] *= inverse;
                }
                turn(square);
                for (int i = 0; i < there; ++i) {
                    float* const place = to + (q + i) * by_query + c * by_value;
                    if (wanted == 8 && by_value == 1) std::memcpy(place, &square[i], sizeof square[i]);
                    else
                        for (int j = 0; j < wanted; ++j) place[j * by_value] = square[i][j];
                }
            }
        }
    }

    const LoopNest& nest_;
    int batch_, queries_, values_, keys_, features_;
    const Strides* of_bias_;
    const float *q_, *k_, *v_, *bias_;
    float* to_;
};

inline void scaled_dot_product(const Geometry&, const Operands& o) { ScaledDotProduct(o).run(o); }

}  // namespace taxon::cpu::TAXON_ISA
