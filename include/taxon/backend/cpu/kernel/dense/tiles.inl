// The loops of a nest in tiles of two axes, which threads share.
namespace taxon::cpu::TAXON_ISA {

/// Columns run along the axis on which the results lie side by side. Rows run along one on which an operand's numbers
/// do that are apart from column to column, so that a tile is read and written by whole cache lines; else along the
/// longest one that is left. An axis that there is not is `none`, and has one element.
struct Tiling {
    static constexpr int most = 1024;  ///< numbers of a tile
    int rows_along = none, columns_along = none;
    int rows = 1, columns = 1;          ///< of all tiles
    int height = 1, width = 1;          ///< of one tile
    int down = 1, across = 1, all = 1;  ///< tiles

    TAXON_INLINE Tiling(const LoopNest& nest, int operands) {
        columns_along = nest.rank - 1;
        for (int axis = nest.rank; axis-- > 0 && at(nest.out, columns_along) != 1;)
            if (at(nest.out, axis) == 1) columns_along = axis;
        columns = size_of(nest, columns_along);
        bool found = false;
        for (int k = 0; k < operands; ++k) {
            const Strides& operand = nest.operands[static_cast<std::size_t>(k)];
            const int apart = at(operand, columns_along);
            is_apart |= apart != 1 && apart != 0 && columns > 1;
            for (int axis = nest.rank; axis-- > 0 && !found && apart != 1 && apart != 0;)
                if (axis != columns_along && at(operand, axis) == 1) rows_along = axis, found = true;
        }
        for (int axis = nest.rank; axis-- > 0 && !found;)
            if (axis != columns_along && (rows_along == none || size_of(nest, axis) > size_of(nest, rows_along)))
                rows_along = axis;
        if (rows_along != none) rows = size_of(nest, rows_along);
        // 32 columns of another value are two registers' squares of each of two lines, and few enough pages
        const int wide = is_apart && rows > 1 ? 32 : most;
        width = columns < wide ? columns : wide;
        height = rows * width <= most ? rows : most / width;
        if (height < rows && height > 16) height = height / 16 * 16;
        down = (rows + height - 1) / height, across = (columns + width - 1) / width;
        all = down * across;
        for (int axis = 0; axis < nest.rank; ++axis)
            if (axis != rows_along && axis != columns_along) all *= size_of(nest, axis);
    }
    bool is_apart = false;  ///< an operand's numbers are apart from column to column

    TAXON_INLINE TileStrides of(const Strides& strides) const {
        return {rows_along == none ? 0 : at(strides, rows_along), at(strides, columns_along)};
    }

    /// Calls visit(offsets, rows, columns) for each tile of this part, with the first numbers of the operands and the
    /// result.
    template <class Visit>
    TAXON_INLINE void walk(const LoopNest& nest, const Operands& o, const Visit& visit) const {
        const std::array<const Strides*, 4> strides{&nest.operands[0], &nest.operands[1], &nest.operands[2], &nest.out};
        const auto [first, last] = o.share(all);
        for (int i = first; i < last; ++i) {
            int rest = i;
            const int x = rest % across * width;
            rest /= across;
            const int y = rest % down * height;
            rest /= down;
            std::array<int, 4> offsets;
            for (std::size_t k = 0; k < 4; ++k) {
                const TileStrides by = of(*strides[k]);
                offsets[k] = strides[k]->first + y * by.row + x * by.column;
            }
            for (int axis = nest.rank; rest > 0 && axis-- > 0;) {
                if (axis == rows_along || axis == columns_along) continue;
                const int size = size_of(nest, axis), place = rest % size;
                for (std::size_t k = 0; k < 4; ++k) offsets[k] += place * at(*strides[k], axis);
                rest /= size;
            }
            visit(offsets, rows - y < height ? rows - y : height, columns - x < width ? columns - x : width);
        }
    }
};

/// Copies the first operand into the result.
TAXON_NOINLINE inline void move(const LoopNest& nest, const Operands& o) {
    const Tiling tiling(nest, 1);
    const TileStrides from = tiling.of(nest.operands[0]), to = tiling.of(nest.out);
    tiling.walk(nest, o, [&](const std::array<int, 4>& at, int rows, int columns) {
        move_tile(floats_of(o.in) + at[0], from, o.out_as<Element::float32>() + at[3], to, rows, columns);
    });
}

}  // namespace taxon::cpu::TAXON_ISA
