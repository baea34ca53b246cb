// Numbers of a dense value at places that another holds.
namespace taxon::cpu::TAXON_ISA {

/// Where an index leads: negative ones count from the end, others are clamped to the axis.
TAXON_INLINE int place_of(const LoopNest& nest, float index) {
    const auto limit = static_cast<float>(nest.limit);
    const float place = index < 0 ? index + limit : index;
    return place > 0 ? static_cast<int>(place < limit ? place : limit - 1) * nest.step : 0;
}

/// Runs of one index, or of an index for each number.
inline void gather(const Geometry&, const Operands& o) {
    const LoopNest& nest = *o.nest;
    const Tiling tiling(nest, 0);
    const TileStrides from = tiling.of(nest.operands[0]), index = tiling.of(nest.operands[1]), to = tiling.of(nest.out);
    tiling.walk(nest, o, [&](const std::array<int, 4>& begin, int rows, int columns) {
        for (int r = 0; r < rows; ++r) {
            const float* const numbers = floats_of(o.in) + begin[0] + r * from.row;
            const float* const indices = floats_of(o.operand) + begin[1] + r * index.row;
            float* const results = o.out_as<Element::float32>() + begin[3] + r * to.row;
            if (index.column == 0 && from.column == 1) copy_run(numbers + place_of(nest, *indices), results, columns);
            else
                for (int c = 0; c < columns; ++c)
                    results[c] = numbers[c * from.column + place_of(nest, indices[c * index.column])];
        }
    });
}

}  // namespace taxon::cpu::TAXON_ISA
