// The tiles of kernels as numbers: see tile_shape.hpp.
namespace taxon::cpu::TAXON_ISA {

inline StripShape strip_shape_of(const Geometry& g, int line, int outputs) {
    switch (g.weights) {
        case Element::float16: return strip_shape<Dot<Element::float16>>(g, line, outputs);
        case Element::bfloat16: return strip_shape<Dot<Element::bfloat16>>(g, line, outputs);
        case Element::int16: return strip_shape<Dot<Element::int16>>(g, line, outputs);
        case Element::int8: return strip_shape<Dot<Element::int8>>(g, line, outputs);
        default: return strip_shape<Dot<Element::float32>>(g, line, outputs);
    }
}

inline TileShape tile_shape_of(const Geometry& g) {
    const Shape& out = g.out.shape;
    if (g.kernel == Kernel::winograd)
        return {taxon::detail::Winograd::tile * taxon::detail::Winograd::tile, taxon::detail::Winograd::panel};
    if (g.kernel == Kernel::depthwise) {
        const bool many = registers == 32 || (g.sums && g.exact);
        return {window_pixels(out.width, many) * (many ? window_rows(g.window.y, out.height) : 1), Wide::lanes};
    }
    if (g.kernel != Kernel::convolution || g.transposed) return {};
    const StripShape shape = strip_shape_of(g, line_of(g), std::min(g.panel, taxon::detail::outputs_of_group(g)));
    return {shape.rows, std::max(shape.width(), window_form(g).width())};
}

}  // namespace taxon::cpu::TAXON_ISA
