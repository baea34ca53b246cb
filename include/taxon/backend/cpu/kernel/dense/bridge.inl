// Pictures as dense values, and back.
namespace taxon::cpu::TAXON_ISA {

template <Element In>
TAXON_NOINLINE void flatten(const Geometry& g, const Operands& o) {
    if (o.part > 0) return;
    auto* const to = o.out_as<Element::float32>();
    const Shape shape = g.in.shape;
    for (int y = 0; y < shape.height; ++y)
        for (int x = 0; x < shape.width; ++x)
            for (int c = 0; c < shape.channels; ++c) {
                const int pixel = y * shape.width + x;
                to[g.function != 0 ? pixel * shape.channels + c : c * shape.pixels() + pixel] =
                    floats_of(o.in)[g.in.pixel(y, x) + c];
            }
    static_assert(In == Element::float32);
}

/// Channels that pad a pixel become 0.
template <Element Out>
TAXON_NOINLINE void picture(const Geometry& g, const Operands& o) {
    if (o.part > 0) return;
    auto* const to = o.out_as<Element::float32>();
    const Shape shape = g.out.shape;
    const int padded = round_up(shape.channels, shape.pixels() == 1 ? 32 : 8);
    for (int y = 0; y < shape.height; ++y)
        for (int x = 0; x < shape.width; ++x)
            for (int c = 0; c < padded; ++c) {
                const int pixel = y * shape.width + x;
                const int at = g.function != 0 ? pixel * shape.channels + c : c * shape.pixels() + pixel;
                to[g.out.pixel(y, x) + c] = c < shape.channels ? floats_of(o.in)[at] : 0;
            }
    static_assert(Out == Element::float32);
}

}  // namespace taxon::cpu::TAXON_ISA
