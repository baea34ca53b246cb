// Pictures as dense values, and back.
namespace taxon::cpu::TAXON_ISA {

/// Loops over a picture's numbers in the order of the dense value; `picture` and `dense` are to be its strides.
TAXON_INLINE void loop_over_picture(const View& view, bool channels_last, LoopNest& nest, Strides& picture,
                                    Strides& dense) {
    const Shape& shape = view.shape;
    nest.rank = 3;
    if (channels_last)
        nest.sizes = {shape.height, shape.width, shape.channels}, picture.by = {view.row(), view.pitch, 1};
    else nest.sizes = {shape.channels, shape.height, shape.width}, picture.by = {1, view.row(), view.pitch};
    dense.by = {nest.sizes[1] * nest.sizes[2], nest.sizes[2], 1};
}

template <Element In>
TAXON_NOINLINE void flatten(const Geometry& g, const Operands& o) {
    static_assert(In == Element::float32);
    LoopNest nest;
    loop_over_picture(g.in, g.function != 0, nest, nest.operands[0], nest.out);
    move(collapsed(nest), o);
}

/// Channels that pad a pixel become 0.
template <Element Out>
TAXON_NOINLINE void picture(const Geometry& g, const Operands& o) {
    static_assert(Out == Element::float32);
    LoopNest nest;
    loop_over_picture(g.out, g.function != 0, nest, nest.out, nest.operands[0]);
    move(collapsed(nest), o);
    const Shape& shape = g.out.shape;
    const int zeros = round_up(shape.channels, shape.pixels() == 1 ? 32 : 8) - shape.channels;
    const auto [first, last] = o.share(shape.pixels());
    for (int pixel = first; zeros > 0 && pixel < last; ++pixel)
        fill_run(0,
                 o.out_as<Element::float32>() + g.out.pixel(pixel / shape.width, pixel % shape.width) + shape.channels,
                 zeros);
}

}  // namespace taxon::cpu::TAXON_ISA
