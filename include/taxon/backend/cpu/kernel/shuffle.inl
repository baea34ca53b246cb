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

/// Eight floats of each of two sources in turn.
struct Pairs {
    EightFloats low, high;
    TAXON_INLINE Pairs(const EightFloats& a, const EightFloats& b)
        : low(__builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)),
          high(__builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)) {}
    TAXON_INLINE void store(float* to) const {
        std::memcpy(to, &low, sizeof low), std::memcpy(to + 8, &high, sizeof high);
    }
};

/// Stores the first floats of two or four runs in turn, eight of each at a time. Returns how many were stored.
template <std::size_t Sources>
TAXON_INLINE int take_turns(const float* from, const int* places, int count, float* to) {
    int c = 0;
    for (; c + 8 <= count; c += 8, to += 8 * Sources) {
        EightFloats numbers[Sources];
        TAXON_UNROLL for (std::size_t i = 0; i < Sources; ++i)
            std::memcpy(&numbers[i], from + places[i] + c, sizeof numbers[i]);
        if constexpr (Sources == 2) {
            Pairs(numbers[0], numbers[1]).store(to);
        } else {
            const Pairs even(numbers[0], numbers[2]), odd(numbers[1], numbers[3]);
            Pairs(even.low, odd.low).store(to), Pairs(even.high, odd.high).store(to + 16);
        }
    }
    return c * static_cast<int>(Sources);
}

/// All pixels' floats that `take_turns` can store; returns how many of each pixel.
template <std::size_t Sources>
TAXON_NOINLINE int shuffle_in_turns(const Geometry& g, const Operands& o) {
    const Extent part = extent(g, o);
    int places[Sources], stored = 0;
    for (std::size_t i = 0; i < Sources; ++i) places[i] = shuffled_channel(g, static_cast<int>(i));
    for (int y = part.top; y < part.bottom; ++y)
        for (int x = part.left; x < part.right; ++x)
            stored = take_turns<Sources>(o.in_as<Element::float32>() + shuffled_pixel(g, y, x), places,
                                         g.out.shape.channels / static_cast<int>(Sources),
                                         o.out_as<Element::float32>() + g.out.pixel(y, x));
    return stored;
}

/// Two or four sources take turns by vectors; else one number at a time is loaded, by a table of places, which is the
/// same for all pixels.
template <Element In, Element Out>
TAXON_NOINLINE void shuffle(const Geometry& g, const Operands& o) {
    constexpr int run = 256;
    const Extent part = extent(g, o);
    const int sources = g.shuffle == Shuffle::channels ? g.groups : g.stride * g.stride;
    int first = 0;
    if constexpr (In == Element::float32 && Out == Element::float32)
        if (g.shuffle != Shuffle::to_pixels)
            first = sources == 2 ? shuffle_in_turns<2>(g, o) : sources == 4 ? shuffle_in_turns<4>(g, o) : 0;
    for (; first < part.channels; first += run) {
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
