// A function of the numbers of one to three dense values.
namespace taxon::cpu::TAXON_ISA {

/// Numbers in a row: each operand's lie side by side, or one is repeated.
struct MapRun {
    const float* from[3];
    bool repeated[3];
    float* to;
    int count;
    float first, second;  ///< of an activation
};

/// What is compiled for each function. A repeated number fills a register's memory, from which it is always loaded.
template <MapFunction Function, Activation::Kind Kind>
TAXON_NOINLINE void map_run(const MapRun& run) {
    constexpr int operands = operands_of(Function);
    float numbers[3][Wide::lanes];
    const float* from[3];
    int by[3];
    for (int k = 0; k < operands; ++k) {
        if (run.repeated[k]) Wide::store(numbers[k], Wide::set(*run.from[k]));
        from[k] = run.repeated[k] ? numbers[k] : run.from[k], by[k] = run.repeated[k] ? 0 : Wide::lanes;
    }
    const float first = run.first, second = run.second;
    float* to = run.to;
    for (int count = run.count; count > 0; count -= Wide::lanes, to += Wide::lanes) {
        typename Wide::type operand[3];
        TAXON_UNROLL for (int k = 0; k < operands; ++k) {
            operand[k] = count >= Wide::lanes ? Wide::load(from[k]) : Wide::load_first(from[k], count, Wide::set(1));
            from[k] += by[k];
        }
        TAXON_UNROLL for (int k = operands; k < 3; ++k) operand[k] = operand[0];
        const auto result = map_register<Function, Kind, Wide>(operand[0], operand[1], operand[2], first, second);
        if (count >= Wide::lanes) Wide::store(to, result);
        else Wide::store_first(to, result, count);
    }
}

/// Rows of tiles. Operands whose numbers are apart are first moved together; and so are all of narrow tiles, which
/// become one row.
TAXON_NOINLINE inline void map_tiles(const Geometry& g, const Operands& o, int operands, void (*run)(const MapRun&)) {
    const LoopNest& nest = *o.nest;
    const Tiling tiling(nest, operands);
    const float* const values[3] = {floats_of(o.in), floats_of(o.operand), floats_of(o.third)};
    TileStrides by[3];
    for (std::size_t k = 0; k < 3; ++k) by[k] = tiling.of(nest.operands[k]);
    const TileStrides to = tiling.of(nest.out);
    tiling.walk(nest, o, [&](const std::array<int, 4>& begin, int rows, int columns) {
        float together[3][Tiling::most];
        const bool narrow = columns < Wide::lanes && rows > 1 && to.row == columns;
        MapRun one{.from = {},
                   .repeated = {},
                   .to = o.out_as<Element::float32>() + begin[3],
                   .count = columns,
                   .first = static_cast<float>(g.activation.first),
                   .second = static_cast<float>(g.activation.second)};
        int row[3] = {};
        for (int k = 0; k < operands; ++k) {
            const float* const first = values[k] + begin[static_cast<std::size_t>(k)];
            one.repeated[k] = by[k].column == 0 && (!narrow || by[k].row == 0);
            one.from[k] = first, row[k] = by[k].row;
            if (one.repeated[k] || (by[k].column == 1 && !narrow) || columns * rows == 1) continue;
            move_tile(first, by[k], together[k], {columns, 1}, rows, columns);
            one.from[k] = together[k], row[k] = columns;
        }
        if (narrow) one.count = rows * columns, rows = 1;
        for (int r = 0; r < rows; ++r, one.to += to.row) {
            run(one);
            for (int k = 0; k < operands; ++k) one.from[k] += row[k];
        }
    });
}

template <MapFunction Function, Activation::Kind Kind>
TAXON_NOINLINE void map(const Geometry& g, const Operands& o) {
    if constexpr (Function == MapFunction::copy) move(*o.nest, o);
    else map_tiles(g, o, operands_of(Function), &map_run<Function, Kind>);
}

}  // namespace taxon::cpu::TAXON_ISA
