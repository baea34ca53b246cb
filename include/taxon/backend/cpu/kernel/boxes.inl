// Decodes a detector's map to table rows: boxes in pixels, scores unchanged.
namespace taxon::cpu::TAXON_ISA {

/// The first eight numbers of a row with its box decoded, s being the sigmoid and e the exponential: centre (s or 2s -
/// 1/2, plus the cell) · stride, size (2s)² or e · anchor. `scale`: of s, and of s² or e, for each of the numbers;
/// `shift` is the cell's term.
template <BoxCode Code>
TAXON_INLINE Narrow::type decoded(Narrow::type t, Narrow::type scale, Narrow::type square, Narrow::type shift) {
    const auto e = exponential<Narrow>(Code == BoxCode::darknet ? t : Narrow::set(0) - t), one = Narrow::set(1);
    if constexpr (Code == BoxCode::darknet) return Narrow::fma(e / (one + e), scale, Narrow::fma(e, square, shift));
    const auto s = one / (one + e);
    return Narrow::fma(s, scale, Narrow::fma(s * s, square, shift));
}

/// The cells of row `y` for one anchor. A map's pixel ends with a whole vector, so the first eight numbers of a row can
/// be read even if it has fewer.
template <BoxCode Code>
TAXON_INLINE void box_row(const float* in, int pixel, int width, int columns, int y, int stride, const float* anchor,
                          float* out) {
    constexpr int lanes = Narrow::lanes, box = 4;
    const float cell = static_cast<float>(stride), offset = Code == BoxCode::darknet ? 0.f : -.5f,
                twice = Code == BoxCode::darknet ? 1.f : 2.f;
    const float scales[lanes] = {twice * cell, twice * cell},
                squares[lanes] = {0, 0, twice * twice * anchor[0], twice * twice * anchor[1]};
    const float first[lanes] = {offset * cell, (offset + static_cast<float>(y)) * cell}, across[lanes] = {cell};
    const auto scale = Narrow::load(scales), square = Narrow::load(squares), step = Narrow::load(across);
    auto shift = Narrow::load(first);
    for (int x = 0; x < width; ++x, in += pixel, out += columns, shift = shift + step) {
        const auto row = decoded<Code>(Narrow::load(in), scale, square, shift);
        if (columns < lanes) {
            float few[lanes];
            Narrow::store(few, row);
            for (int c = box; c < columns; ++c) few[c] = in[c];
            std::memcpy(out, few, sizeof *out * static_cast<std::size_t>(columns));
            continue;
        }
        Narrow::store(out, row);
        int c = box;
        for (; c + Wide::lanes < columns; c += Wide::lanes) Wide::store(out + c, Wide::load(in + c));
        for (; c + lanes < columns; c += lanes) Narrow::store(out + c, Narrow::load(in + c));
        if (columns > lanes + box) Narrow::store(out + columns - lanes, Narrow::load(in + columns - lanes));
        else std::memcpy(out + box, in + box, sizeof *out * static_cast<std::size_t>(columns - box));
    }
}

/// Parts share the rows of cells of all anchors.
template <BoxCode Code>
TAXON_NOINLINE void boxes(const Geometry& g, const Operands& o) {
    const int columns = g.out.shape.channels, height = g.in.shape.height, width = g.in.shape.width;
    const auto mine = o.share(g.groups * height);
    for (int row = mine.first; row < mine.last; ++row) {
        const int anchor = row / height, y = row % height;
        box_row<Code>(o.in_as<Element::float32>() + g.in.pixel(y, 0) + anchor * columns, g.in.pitch, width, columns, y,
                      g.stride, o.bias + 2 * anchor, o.out_as<Element::float32>() + row * width * columns);
    }
}

}  // namespace taxon::cpu::TAXON_ISA
