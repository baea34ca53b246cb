// Shuffles: channels among themselves, channels to pixels, pixels to channels.
namespace taxon::cpu::TAXON_ISA {

/// Where a pixel's channel lies, in elements from the first one of its source.
TAXON_INLINE int shuffled_channel(const Geometry& g, int channel) {
    const int factor = g.stride, square = factor * factor;
    if (g.shuffle == Shuffle::channels)
        return channel % g.groups * (g.in.shape.channels / g.groups) + channel / g.groups;
    if (g.shuffle == Shuffle::to_pixels) return channel * square;
    const int pixel = channel % square;
    return g.in.pixel(pixel / factor, pixel % factor) + channel / square;
}

TAXON_INLINE std::ptrdiff_t shuffled_pixel(const Geometry& g, int y, int x) {
    const int factor = g.stride;
    if (g.shuffle == Shuffle::channels) return g.in.pixel(y, x);
    if (g.shuffle == Shuffle::to_channels) return g.in.pixel(y * factor, x * factor);
    return g.in.pixel(y / factor, x / factor) + y % factor * factor + x % factor;
}

/// Loads one number at a time by a table of places, which is the same for all pixels.
template <Element In, Element Out>
TAXON_NOINLINE void shuffle(const Geometry& g, const Operands& o) {
    constexpr int run = 256;
    const Extent part = extent(g, o);
    for (int first = 0; first < part.channels; first += run) {
        const int count = part.channels - first < run ? part.channels - first : run;
        int places[run];
        for (int c = 0; c < count; ++c)
            places[c] = first + c < g.out.shape.channels ? shuffled_channel(g, first + c) : 0;
        for (int y = part.top; y < part.bottom; ++y)
            for (int x = part.left; x < part.right; ++x) {
                const auto* from = o.in_as<In>() + shuffled_pixel(g, y, x);
                auto* to = o.out_as<Out>() + g.out.pixel(y, x) + first;
                for (int c = 0; c < count; c += Narrow::lanes) {
                    Number<In> numbers[Narrow::lanes];
                    TAXON_UNROLL for (int i = 0; i < Narrow::lanes; ++i) numbers[i] = from[places[c + i]];
                    write<Out, Narrow>(to + c, read<In, Narrow>(numbers, o.in_quantization), o.out_quantization);
                }
            }
    }
}

}  // namespace taxon::cpu::TAXON_ISA
