// The register tile of products of dense matrices, and the panels that it reads. All sizes but those of the tile are
// run-time arguments.
namespace taxon::cpu::TAXON_ISA {

/// Runs of numbers that are multiplied and summed: where each starts in a and in b, and the strides along all.
struct ProductRuns {
    static constexpr int most = 64, most_depth = 128;
    int count = 0, length = 0, a_step = 0, b_step = 0;
    int a[most], b[most];
};

/// Vectors of columns in a strip: a power of two, at most this.
inline constexpr int product_wides = registers == 32 ? 4 : 2;
/// Rows of a tile: sums, a column's vectors and a number stay in registers, and the rows' addresses in eight others.
constexpr int product_rows(int wides) { return wides == 4 ? 6 : wides == 2 && registers < 32 ? 6 : 8; }

/// Rows of a tile, and of `count` tiles that are steps apart. The last vector of columns starts at `b_tail` in b and at
/// `to_tail` in the result, so that none exceeds a row's end.
struct ProductRows {
    static constexpr int most = 8;
    const float* a[most];
    float* to[most];
    int b_tail, to_tail;
    bool adds;  ///< to what the result is
    float factor;
    int count = 1, a_step = 0, to_step = 0;
};

template <int Rows, int Wides>
TAXON_NOINLINE void product_tile(const ProductRuns& runs, const float* b, const ProductRows& rows) {
    constexpr int lanes = Wide::lanes;
    const auto at = [](int j, int tail) __attribute__((always_inline)) { return j == Wides - 1 ? tail : j * lanes; };
    const int tail = rows.b_tail, to_tail = rows.to_tail;
    const std::ptrdiff_t a_step = runs.a_step, b_step = runs.b_step;
    std::ptrdiff_t in = 0, out = 0;
    for (int tile = 0; tile < rows.count; ++tile, in += rows.a_step, out += rows.to_step) {
        typename Wide::type sums[std::size_t{Rows}][std::size_t{Wides}];
        TAXON_UNROLL for (int i = 0; i < Rows; ++i) TAXON_UNROLL for (int j = 0; j < Wides; ++j) sums[i][j] =
            rows.adds ? Wide::load(rows.to[i] + out + at(j, to_tail)) : Wide::set(0);
        for (int run = 0; run < runs.count; ++run) {
            const float *column = b + runs.b[run], *numbers[std::size_t{Rows}];
            TAXON_UNROLL for (int i = 0; i < Rows; ++i) numbers[i] = rows.a[i] + in + runs.a[run];
            std::ptrdiff_t k = 0;
            for (int left = runs.length; left > 0; --left, k += a_step, column += b_step) {
                typename Wide::type columns[std::size_t{Wides}];
                TAXON_UNROLL for (int j = 0; j < Wides; ++j) columns[j] = Wide::load(column + at(j, tail));
                TAXON_UNROLL for (int i = 0; i < Rows; ++i) {
                    const auto number = Wide::set(numbers[i][k]);
                    TAXON_UNROLL for (int j = 0; j < Wides; ++j) sums[i][j] = Wide::fma(number, columns[j], sums[i][j]);
                }
            }
        }
        const auto factor = Wide::set(rows.factor);
        TAXON_UNROLL for (int i = 0; i < Rows; ++i) TAXON_UNROLL for (int j = 0; j < Wides; ++j)
            Wide::store(rows.to[i] + out + at(j, to_tail), sums[i][j] * factor);
    }
}

template <int Wides>
TAXON_INLINE void call_product_tile(int rows, const ProductRuns& runs, const float* b, const ProductRows& tile) {
    constexpr int most = product_rows(Wides);
    if (rows == most) product_tile<most, Wides>(runs, b, tile);
    else if (rows > 1) product_tile<most - 1, Wides>(runs, b, tile);
    else product_tile<1, Wides>(runs, b, tile);
}

/// Rows [first, last) in tiles of as many rows as possible, or of one row less if that leaves none over; else the last
/// rows are repeated. Results lie `pitch` apart, or where their axes say if that is 0.
TAXON_NOINLINE inline void product_tiles(int wides, const ProductRuns& runs, const float* b, const ProductAxes& rows,
                                         int first, int last, const float* a, float* to, int pitch, ProductRows& tile) {
    const int most = product_rows(wides), count = (last - first + most - 1) / most,
              less = std::max(0, count * most - (last - first));
    const bool regular = rows.rank <= 1;  // one call computes all tiles of a kind
    const int a_step = rows.rank == 1 ? rows.a[0] : 0,
              to_step = pitch > 0        ? pitch
                        : rows.rank == 1 ? rows.to[0]
                                         : 0,
              full = less <= count ? count - less : count - 1;
    ProductWalk walk(rows, first);
    for (int number = 0, row = first; number < count;) {
        const bool is_less = number >= full;
        const int wanted = last - row == 1 ? 1 : most - is_less, there = std::min(wanted, last - row);
        tile.count = regular && there == wanted ? (is_less ? count : full) - number : 1;
        tile.a_step = wanted * a_step, tile.to_step = wanted * to_step;
        for (int i = 0; i < wanted; ++i) {
            if (i >= there) {
                tile.a[i] = tile.a[i - 1], tile.to[i] = tile.to[i - 1];
                continue;
            }
            tile.a[i] = a + (regular ? (row + i) * a_step : walk.a);
            tile.to[i] = to + (pitch > 0 ? (row + i - first) * pitch : regular ? (row + i) * to_step : walk.to);
            if (!regular) walk.next();
        }
        row += tile.count * there, number += tile.count;
        if constexpr (product_wides > 2)
            if (wides == 4) {
                call_product_tile<4>(wanted, runs, b, tile);
                continue;
            }
        if (wides == 2) call_product_tile<2>(wanted, runs, b, tile);
        else call_product_tile<1>(wanted, runs, b, tile);
    }
}

struct One {
    TAXON_INLINE static float load(const float* p) { return *p; }
    TAXON_INLINE static void store(float* p, float number) { *p = number; }
};

/// Columns of a panel that are copied at once where they are adjacent; the last copy of some overlaps the one before.
struct PanelCopies {
    int count = 0, at[product_wides * Wide::lanes];

    inline void add(int first, int adjacent, int size) {
        for (int i = 0; i < adjacent; i += size) at[count++] = first + std::min(i, adjacent - size);
    }
    template <class V>
    TAXON_INLINE void copy(const float* from, const int* columns, float* to) const {
        for (int i = 0; i < count; ++i) V::store(to + at[i], V::load(from + columns[at[i]]));
    }
};

/// Eight numbers of each column of a panel, which are adjacent, by squares of 8 x 8.
TAXON_INLINE void pack_squares(const float* from, const int* columns, int width, float* panel) {
    for (int c = 0; c < width; c += 8) {
        Row square[8];
        TAXON_UNROLL for (int i = 0; i < 8; ++i) std::memcpy(&square[i], from + columns[c + i], sizeof square[i]);
        turn(square);
        TAXON_UNROLL for (int i = 0; i < 8; ++i) std::memcpy(panel + i * width + c, &square[i], sizeof square[i]);
    }
}

/// Copies the columns at these offsets side by side, one run after the other. Then the runs are those of the panel.
TAXON_NOINLINE inline void pack_panel(ProductRuns& runs, const float* b, const int* columns, int width, float* panel) {
    PanelCopies wide, narrow, one;
    for (int c = 0, adjacent = 1; c < width; c += adjacent) {
        for (adjacent = 1; c + adjacent < width && columns[c + adjacent] == columns[c] + adjacent;) ++adjacent;
        if (adjacent >= Wide::lanes) wide.add(c, adjacent, Wide::lanes);
        else if (adjacent >= Narrow::lanes) narrow.add(c, adjacent, Narrow::lanes);
        else one.add(c, adjacent, 1);
    }
    const bool by_squares = runs.b_step == 1 && one.count == width && width % 8 == 0;
    for (int run = 0; run < runs.count; ++run) {
        const float* from = b + runs.b[run];
        int k = 0;
        for (; by_squares && k + 8 <= runs.length; k += 8, from += 8, panel += 8 * width)
            pack_squares(from, columns, width, panel);
        for (; k < runs.length; ++k, from += runs.b_step, panel += width) {
            wide.copy<Wide>(from, columns, panel), narrow.copy<Narrow>(from, columns, panel);
            one.copy<One>(from, columns, panel);
        }
    }
    for (int run = 0; run < runs.count; ++run) runs.b[run] = run * runs.length * width;
    runs.b_step = width;
}

}  // namespace taxon::cpu::TAXON_ISA
