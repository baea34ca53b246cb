// Products of matrices that are dense values, by the loops of a nest.
namespace taxon::cpu::TAXON_ISA {

/// Axes that only a varies along are rows, those of b columns, and others a batch. Columns are computed in strips of a
/// few vectors, rows in register tiles, sums in blocks; a block of a strip's columns is packed unless it lies in order.
class MatrixProduct {
  public:
    MatrixProduct(const LoopNest& nest, const float* a, const float* b, float* to, bool adds)
        : a_(a + nest.operands[0].first), b_(b + nest.operands[1].first), to_(to + nest.out.first), adds_(adds),
          factor_(static_cast<float>(nest.first)) {
        for (int i = 0; i < nest.rank; ++i) {
            const auto axis = static_cast<std::size_t>(i);
            const int of_a = nest.operands[0].by[axis], of_b = nest.operands[1].by[axis];
            const bool is_inner = i >= nest.rank - nest.inner;
            ProductAxes& axes = is_inner                 ? sums_
                                : of_a != 0 && of_b == 0 ? rows_
                                : of_a == 0 && of_b != 0 ? columns_
                                                         : batch_;
            axes.add(nest.sizes[axis], of_a, of_b, is_inner ? 0 : nest.out.by[axis]);
        }
        for (ProductAxes* axes : {&batch_, &rows_, &columns_, &sums_}) axes->merge();
        length_ = sums_.rank > 0 ? sums_.sizes[sums_.rank - 1] : 1;
        const bool along_both =
                       length_ >= Wide::lanes && innermost(sums_, sums_.a) == 1 && innermost(sums_, sums_.b) == 1,
                   few_rows = rows_.count <= columns_.count;
        dots_ = along_both && (few_rows ? rows_.count : columns_.count) <= most_dots;
        if (dots_ ? !few_rows : cost(columns_, rows_, columns_.b) > cost(rows_, columns_, rows_.a)) {
            std::swap(a_, b_), std::swap(rows_, columns_);
            for (ProductAxes* axes : {&batch_, &rows_, &columns_, &sums_}) axes->turn();
        }
        pieces_ = dots_ ? 1 : (length_ + ProductRuns::most_depth - 1) / ProductRuns::most_depth;
        runs_ = pieces_ > 1 ? 1 : std::min(ProductRuns::most, std::max(1, ProductRuns::most_depth / length_));
        const int runs = sums_.count / length_;
        blocks_ = pieces_ > 1 ? runs * pieces_ : (runs + runs_ - 1) / runs_;
    }

    /// This part's share.
    void run(const Operands& o) const {
        const int strips = dots_ ? (columns_.count + dots_columns - 1) / dots_columns : strip_count(),
                  units = batch_.count * strips, wanted = (4 * o.parts + units - 1) / units,
                  cuts = dots_ || o.parts == 1 ? 1 : std::min(wanted, (rows_.count + least_rows - 1) / least_rows);
        const auto mine = o.share(units * cuts);
        for (int unit = mine.first; unit < mine.last;) {
            const int cut = unit % cuts, end = std::min(cuts, cut + mine.last - unit), strip = unit / cuts % strips;
            const ProductWalk sample(batch_, unit / cuts / strips);
            if (dots_) dots(sample, strip * dots_columns);
            else multiply(sample, strip, rows_.count * cut / cuts, rows_.count * end / cuts);
            unit += end - cut;
        }
    }

  private:
    static constexpr int lanes = Wide::lanes, most_width = product_wides * lanes;
    static constexpr int most_dots = 4, dots_columns = 64;  ///< vectors; columns of a unit of work
    static constexpr int least_rows = 24;                   ///< of a share, beside those that pack the same panel
    static constexpr int kept_rows = 64;                    ///< of results that are not written in place

    static int innermost(const ProductAxes& axes, const int* strides) {
        return axes.rank > 0 ? strides[axes.rank - 1] : 1;
    }

    /// Cycles of a form in which `columns`, with these strides, lie along vectors: products, results written one by
    /// one, and packing.
    double cost(const ProductAxes& columns, const ProductAxes& rows, const int* strides) const {
        const double depth = sums_.count, wide = columns.count, high = rows.count;
        return high * (round_up(columns.count, lanes) / (2. * lanes)) * depth +
               (innermost(columns, columns.to) == 1 ? 0 : 4 * high * wide) +
               depth * wide * (innermost(columns, strides) == 1 ? .1 : .6);
    }

    // ── Strips ───────────────────────────────────────────────────────────────────────────────────────────────────────
    int vectors() const { return (columns_.count + lanes - 1) / lanes; }
    int strip_count() const {
        int count = vectors() / product_wides;
        for (int rest = vectors() % product_wides; rest > 0; rest &= rest - 1) ++count;
        return count;
    }
    struct Strip {
        int first, wides;
    };
    Strip strip(int number) const {
        const int full = vectors() / product_wides;
        Strip s{std::min(number, full) * product_wides, product_wides};
        for (; number >= full; --number) {
            while (s.first + s.wides > vectors()) s.wides /= 2;
            if (number > full) s.first += s.wides;
        }
        return s;
    }

    /// The runs of a block of sums.
    ProductRuns runs_of(int block) const {
        ProductRuns runs;
        runs.a_step = innermost(sums_, sums_.a), runs.b_step = innermost(sums_, sums_.b);
        const int first = pieces_ > 1 ? block / pieces_ : block * runs_, piece = block % pieces_,
                  begin = length_ * piece / pieces_;
        runs.count = std::min(runs_, sums_.count / length_ - first);
        runs.length = length_ * (piece + 1) / pieces_ - begin;
        ProductWalk walk(sums_, std::max(0, sums_.rank - 1), first);
        for (int run = 0; run < runs.count; ++run, walk.next())
            runs.a[run] = walk.a + begin * runs.a_step, runs.b[run] = walk.b + begin * runs.b_step;
        return runs;
    }

    /// Rows of a strip.
    TAXON_NOINLINE void multiply(const ProductWalk& sample, int number, int first_row, int last_row) const {
        const Strip s = strip(number);
        const int first = s.first * lanes, count = std::min(s.wides * lanes, columns_.count - first),
                  tail = (s.wides - 1) * lanes, last = std::max(0, count - lanes);
        // of the panel's columns: the last vector ends with the strip, and repeats a column if that is narrower
        int from[most_width], to[most_width];
        ProductWalk walk(columns_, first);
        if (columns_.rank == 1)
            for (int i = 0; i < count; ++i) from[i] = walk.b + i * columns_.b[0], to[i] = walk.to + i * columns_.to[0];
        else
            for (int i = 0; i < count; ++i, walk.next()) from[i] = walk.b, to[i] = walk.to;
        bool in_place = count >= lanes, in_order = in_place;
        for (int i = 1; i < count; ++i)
            in_place = in_place && to[i] == to[0] + i, in_order = in_order && from[i] == from[0] + i;
        const int b_step = innermost(sums_, sums_.b);
        // numbers that are far apart are not prefetched (strips of 16 of 768 columns: 55 of 108 GFLOP/s with AVX2)
        const bool packs = !in_order || (b_step >= 256 && last_row - first_row > 16);
        int columns[most_width];
        for (int i = 0; i < s.wides * lanes && packs; ++i)
            columns[i] = from[i < tail ? i : std::min(last + i - tail, count - 1)];

        float panel[ProductRuns::most_depth * most_width], kept[kept_rows * most_width];
        const int rows = in_place ? last_row - first_row : kept_rows;
        for (int row = first_row; row < last_row; row += rows) {
            const int end = std::min(last_row, row + rows);
            if (!in_place && adds_) move<true>(kept, s.wides, sample.to, to, count, row, end);
            for (int block = 0; block < blocks_; ++block) {
                ProductRuns runs = runs_of(block);
                const float* b = b_ + sample.b + from[0];
                if (packs) pack_panel(runs, b_ + sample.b, columns, s.wides * lanes, panel), b = panel;
                ProductRows tile;
                tile.b_tail = packs ? tail : last, tile.to_tail = in_place ? last : tail;
                tile.adds = adds_ || block > 0, tile.factor = block + 1 == blocks_ ? factor_ : 1;
                if (in_place)
                    product_tiles(s.wides, runs, b, rows_, row, end, a_ + sample.a, to_ + sample.to + to[0], 0, tile);
                else product_tiles(s.wides, runs, b, rows_, row, end, a_ + sample.a, kept, s.wides * lanes, tile);
            }
            if (!in_place) move<false>(kept, s.wides, sample.to, to, count, row, end);
        }
    }

    /// Copies results that were kept where they belong, or what they are added to.
    template <bool Back>
    void move(float* kept, int wides, int sample, const int* columns, int count, int first, int last) const {
        const int tail = (wides - 1) * lanes, skipped = wides * lanes - std::max(count, lanes);
        ProductWalk walk(rows_, first);
        for (int row = first; row < last; ++row, kept += wides * lanes, walk.next()) {
            float* to = to_ + sample + walk.to;
            for (int i = 0; i < count; ++i) {
                float& number = kept[i < tail ? i : i + skipped];
                (Back ? number : to[columns[i]]) = Back ? to[columns[i]] : number;
            }
        }
    }

    /// Rows of which there are few times some columns, from `first` on.
    TAXON_NOINLINE void dots(const ProductWalk& sample, int first) const {
        const int end = std::min(columns_.count, first + dots_columns);
        const ProductRuns runs = runs_of(0);
        ProductWalk column(columns_, first);
        for (int at = first; at < end; at += 4) {
            const float* b[4];
            int to[4];
            const int there = std::min(4, end - at);
            for (int i = 0; i < 4; ++i) {
                b[i] = b_ + sample.b + column.b, to[i] = sample.to + column.to;
                if (i + 1 < there || at + 4 < end) column.next();
            }
            ProductWalk row(rows_, 0);
            for (int i = 0; i < rows_.count; ++i, row.next()) {
                const float* a = a_ + sample.a + row.a;
                FourFloats sums = four_dots(runs, a, b);
                for (int block = 1; block < blocks_; ++block) sums += four_dots(runs_of(block), a, b);
                for (int j = 0; j < there; ++j) {
                    float& number = to_[to[j] + row.to];
                    number = factor_ * sums[j] + (adds_ ? number : 0);
                }
            }
        }
    }

    ProductAxes batch_{}, rows_{}, columns_{}, sums_{};
    const float *a_, *b_;
    float* to_;
    bool adds_, dots_;
    float factor_;
    int length_, pieces_, runs_, blocks_;  ///< of sums: a run; blocks of it; runs of a block; blocks
};

inline void matrix_product(const Geometry&, const Operands& o) {
    MatrixProduct(*o.nest, floats_of(o.in), floats_of(o.operand), o.out_as<Element::float32>(), false).run(o);
}

}  // namespace taxon::cpu::TAXON_ISA
