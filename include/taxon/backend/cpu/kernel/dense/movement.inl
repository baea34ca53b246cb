// Movement of numbers between memory of any strides, in tiles of two axes.
namespace taxon::cpu::TAXON_ISA {

/// A run of numbers side by side.
TAXON_INLINE void copy_run(const float* from, float* to, int count) {
    for (; count >= Wide::lanes; count -= Wide::lanes, from += Wide::lanes, to += Wide::lanes)
        Wide::store(to, Wide::load(from));
    if (count > 0) Wide::store_first(to, Wide::load_first(from, count, Wide::set(0)), count);
}

TAXON_INLINE void fill_run(float number, float* to, int count) {
    const auto v = Wide::set(number);
    for (; count >= Wide::lanes; count -= Wide::lanes, to += Wide::lanes) Wide::store(to, v);
    if (count > 0) Wide::store_first(to, v, count);
}

/// A square of numbers as registers, its rows and columns exchanged.
template <class V>
TAXON_INLINE void transpose_square(const float* from, int from_row, float* to, int to_row) {
    constexpr int n = V::lanes;
    typename V::type a[8], b[8];
    TAXON_UNROLL for (int i = 0; i < n; ++i) a[i] = V::load(from + i * from_row);
    if constexpr (n == 8) {
        TAXON_UNROLL for (int i = 0; i < n; i += 2) {
            b[i] = __builtin_shufflevector(a[i], a[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
            b[i + 1] = __builtin_shufflevector(a[i], a[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
        }
        TAXON_UNROLL for (int i = 0; i < n; i += 4) TAXON_UNROLL for (int k = 0; k < 2; ++k) {
            a[i + 2 * k] = __builtin_shufflevector(b[i + k], b[i + k + 2], 0, 1, 8, 9, 4, 5, 12, 13);
            a[i + 2 * k + 1] = __builtin_shufflevector(b[i + k], b[i + k + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
        TAXON_UNROLL for (int i = 0; i < 4; ++i) {
            V::store(to + i * to_row, __builtin_shufflevector(a[i], a[i + 4], 0, 1, 2, 3, 8, 9, 10, 11));
            V::store(to + (i + 4) * to_row, __builtin_shufflevector(a[i], a[i + 4], 4, 5, 6, 7, 12, 13, 14, 15));
        }
    } else {
        TAXON_UNROLL for (int i = 0; i < n; i += 2) {
            b[i] = __builtin_shufflevector(a[i], a[i + 1], 0, 4, 1, 5);
            b[i + 1] = __builtin_shufflevector(a[i], a[i + 1], 2, 6, 3, 7);
        }
        TAXON_UNROLL for (int k = 0; k < 2; ++k) {
            V::store(to + 2 * k * to_row, __builtin_shufflevector(b[k], b[k + 2], 0, 1, 4, 5));
            V::store(to + (2 * k + 1) * to_row, __builtin_shufflevector(b[k], b[k + 2], 2, 3, 6, 7));
        }
    }
}

/// Numbers of a tile: where the first one lies, and the distances between rows and between columns.
struct TileStrides {
    int row, column;
};

/// One number at a time, along the longer axis.
TAXON_INLINE void move_singly(const float* from, TileStrides a, float* to, TileStrides b, int rows, int columns) {
    if (rows > columns) std::swap(rows, columns), std::swap(a.row, a.column), std::swap(b.row, b.column);
    for (int r = 0; r < rows; ++r, from += a.row, to += b.row)
        for (int c = 0; c < columns; ++c) to[c * b.column] = from[c * a.column];
}

/// A tile whose rows lie side by side in `to` and whose columns in `from`, 16 columns at a time: a cache line of each
/// row is written while it is in reach.
TAXON_INLINE void move_transposed(const float* from, int from_column, float* to, int to_row, int rows, int columns) {
    constexpr int n = Narrow::lanes, line = 16;
    const int whole_rows = rows / n * n, whole_columns = columns / n * n;
    for (int left = 0; left < whole_columns; left += line)
        for (int r = 0; r < whole_rows; r += n)
            for (int c = left; c < left + line && c < whole_columns; c += n)
                transpose_square<Narrow>(from + r + c * from_column, from_column, to + r * to_row + c, to_row);
    if (whole_columns < columns)
        move_singly(from + whole_columns * from_column, {1, from_column}, to + whole_columns, {to_row, 1}, rows,
                    columns - whole_columns);
    if (whole_rows < rows)
        move_singly(from + whole_rows, {1, from_column}, to + whole_rows * to_row, {to_row, 1}, rows - whole_rows,
                    whole_columns);
}

TAXON_NOINLINE inline void move_tile(const float* from, TileStrides a, float* to, TileStrides b, int rows,
                                     int columns) {
    if (b.column != 1 && b.row == 1) std::swap(rows, columns), std::swap(a.row, a.column), std::swap(b.row, b.column);
    if (b.column != 1 || columns < 4) return move_singly(from, a, to, b, rows, columns);
    if (a.column == 1)
        for (int r = 0; r < rows; ++r) copy_run(from + r * a.row, to + r * b.row, columns);
    else if (a.column == 0)
        for (int r = 0; r < rows; ++r) fill_run(from[r * a.row], to + r * b.row, columns);
    else if (a.row == 1) move_transposed(from, a.column, to, b.row, rows, columns);
    else move_singly(from, a, to, b, rows, columns);
}

}  // namespace taxon::cpu::TAXON_ISA
