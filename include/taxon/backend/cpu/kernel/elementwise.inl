// Element-wise operations and reductions: memory-bound, so one kernel serves all shapes at run time.
namespace taxon::cpu::TAXON_ISA {

/// The pixels of a part: some rows, or if there is only one, some columns; and the channels, a multiple of eight.
struct Extent {
    int top, bottom, left, right, channels;
};

TAXON_INLINE Extent extent(const Geometry& g, const Operands& o) {
    const int height = g.out.shape.height, width = g.out.shape.sequence ? o.length : g.out.shape.width;
    const auto rows = height > 1 ? o.share(height) : Operands::Range{0, 1};
    const auto columns = height > 1 ? Operands::Range{0, width} : o.share(width);
    return {rows.first, rows.last, columns.first, columns.last, round_up(g.out.shape.channels, 8)};
}

/// Offset of a normalisation's shifts from its scales.
TAXON_INLINE int shifts_at(const Geometry& g) { return round_up(g.out.shape.channels, 32); }

/// out = Function(Combine(in, operand)).
template <Activation::Kind Function, class Combine, Element In, Element With, Element Out>
TAXON_NOINLINE void elementwise(const Geometry& g, const Operands& o) {
    const Extent part = extent(g, o);
    const int operand_row = Combine::by_pixel ? g.operand.row() : 0,
              operand_pixel = Combine::by_pixel ? g.operand.pitch : 0;
    const std::ptrdiff_t in_pitch = g.in.pitch, out_pitch = g.out.pitch;
    const float first = static_cast<float>(g.activation.first), second = static_cast<float>(g.activation.second);
    for (int y = part.top; y < part.bottom; ++y) {
        const auto* a = o.in_as<In>() + g.in.pixel(y, part.left);
        const auto* b = o.operand_as<With>() + y * operand_row + part.left * operand_pixel;
        auto* to = o.out_as<Out>() + g.out.pixel(y, part.left);
        for (int x = part.left; x < part.right; ++x, a += in_pitch, b += operand_pixel, to += out_pitch)
            for (int c = 0; c < part.channels; c += Narrow::lanes) {
                const auto combined = Combine::template combine<With>(read<In, Narrow>(a + c, o.in_quantization), b + c,
                                                                      o.operand_quantization);
                write<Out, Narrow>(to + c, activate<Function, Narrow>(combined, first, second), o.out_quantization);
            }
    }
}

/// `by_pixel`: the operand has its own numbers for every pixel.
struct Alone {
    static constexpr bool by_pixel = false;
    template <Element With>
    TAXON_INLINE static typename Narrow::type combine(typename Narrow::type a, const Number<With>*,
                                                      const QuantizationParameters&) {
        return a;
    }
};
struct Plus {
    static constexpr bool by_pixel = true;
    template <Element With>
    TAXON_INLINE static typename Narrow::type combine(typename Narrow::type a, const Number<With>* b,
                                                      const QuantizationParameters& as) {
        return a + read<With, Narrow>(b, as);
    }
};
struct Gate {
    static constexpr bool by_pixel = false;
    template <Element With>
    TAXON_INLINE static typename Narrow::type combine(typename Narrow::type a, const Number<With>* b,
                                                      const QuantizationParameters& as) {
        return a * read<With, Narrow>(b, as);
    }
};

/// out = Function(Map(in, channel's numbers)).
template <Activation::Kind Function, class Map, Element In, Element Out>
TAXON_NOINLINE void by_channel(const Geometry& g, const Operands& o) {
    const Extent part = extent(g, o);
    const int shifts = shifts_at(g);
    const float first = static_cast<float>(g.activation.first), second = static_cast<float>(g.activation.second);
    for (int y = part.top; y < part.bottom; ++y)
        for (int x = part.left; x < part.right; ++x) {
            const auto* a = o.in_as<In>() + g.in.pixel(y, x);
            auto* to = o.out_as<Out>() + g.out.pixel(y, x);
            for (int c = 0; c < part.channels; c += Narrow::lanes) {
                const auto mapped = Map::map(read<In, Narrow>(a + c, o.in_quantization), o.bias + c, shifts);
                write<Out, Narrow>(to + c, activate<Function, Narrow>(mapped, first, second), o.out_quantization);
            }
        }
}

struct Affine {
    TAXON_INLINE static typename Narrow::type map(typename Narrow::type x, const float* scale, int shifts) {
        return Narrow::fma(x, Narrow::load(scale), Narrow::load(scale + shifts));
    }
};
struct Slope {
    TAXON_INLINE static typename Narrow::type map(typename Narrow::type x, const float* slope, int) {
        return Narrow::fma(Narrow::min(Narrow::set(0), x), Narrow::load(slope), Narrow::max(Narrow::set(0), x));
    }
};

/// A parameter, packed in whole registers for each pixel, as a value.
template <Element Out>
TAXON_NOINLINE void parameter(const Geometry& g, const Operands& o) {
    const Extent part = extent(g, o);
    for (int y = part.top; y < part.bottom; ++y)
        for (int x = part.left; x < part.right; ++x) {
            const float* from = o.bias + (y * g.out.shape.width + x) * part.channels;
            auto* to = o.out_as<Out>() + g.out.pixel(y, x);
            for (int c = 0; c < part.channels; c += Narrow::lanes)
                write<Out, Narrow>(to + c, Narrow::load(from + c), o.out_quantization);
        }
}

/// Copies any number of channels into a slice, followed by zeros if the slice is the last one: whole registers, and
/// what remains through memory of its own, so that nothing after them is touched.
template <Element In, Element Out>
TAXON_NOINLINE void copy(const Geometry& g, const Operands& o) {
    const Extent part = extent(g, o);
    const int channels = g.out.shape.channels, zeros = g.panel;
    Number<In> before[Narrow::lanes];
    Number<Out> after[Narrow::lanes];
    for (int y = part.top; y < part.bottom; ++y)
        for (int x = part.left; x < part.right; ++x) {
            auto* to = o.out_as<Out>() + g.out.pixel(y, x);
            const auto* a = o.in_as<In>() + g.in.pixel(y, x);
            for (int c = 0; c < channels + zeros; c += Narrow::lanes) {
                const int whole = channels + zeros - c < Narrow::lanes ? channels + zeros - c : Narrow::lanes,
                          there = channels - c < whole ? channels - c : whole;
                if constexpr (In == Out && !is_integer(In)) {
                    if (there > 0) std::memcpy(to + c, a + c, sizeof(*a) * static_cast<std::size_t>(there));
                    if (there < whole)
                        std::memset(static_cast<void*>(to + c + (there > 0 ? there : 0)), 0,
                                    sizeof(*to) * static_cast<std::size_t>(whole - (there > 0 ? there : 0)));
                } else if (there == Narrow::lanes) {
                    write<Out, Narrow>(to + c, read<In, Narrow>(a + c, o.in_quantization), o.out_quantization);
                } else {
                    std::memset(static_cast<void*>(before), 0, sizeof before);
                    if (there > 0) std::memcpy(before, a + c, sizeof(*a) * static_cast<std::size_t>(there));
                    write<Out, Narrow>(after, read<In, Narrow>(before, o.in_quantization), o.out_quantization);
                    std::memcpy(to + c, after, sizeof(*to) * static_cast<std::size_t>(whole));
                }
            }
        }
}

/// The operand, a vector, and then the pixels row by row.
template <Element In, Element With, Element Out>
TAXON_NOINLINE void prepend(const Geometry& g, const Operands& o) {
    const Extent part = extent(g, o);
    const int width = g.in.shape.width;
    for (int x = part.left; x < part.right; ++x) {
        auto* to = o.out_as<Out>() + g.out.pixel(0, x);
        const auto* a = o.in_as<In>() + (x == 0 ? 0 : g.in.pixel((x - 1) / width, (x - 1) % width));
        const auto* first = o.operand_as<With>();
        for (int c = 0; c < part.channels; c += Narrow::lanes)
            write<Out, Narrow>(to + c,
                               x == 0 ? read<With, Narrow>(first + c, o.operand_quantization)
                                      : read<In, Narrow>(a + c, o.in_quantization),
                               o.out_quantization);
    }
}

/// Copies a vector of a pixel to all its replicas.
template <Element In, Element Out, class V>
TAXON_INLINE void repeat(const Number<In>* from, Number<Out>* to, int factor, const View& out_view, const Operands& o) {
    const auto numbers = read<In, V>(from, o.in_quantization);
    for (int y = 0; y < factor; ++y)
        for (int x = 0; x < factor; ++x) write<Out, V>(to + out_view.pixel(y, x), numbers, o.out_quantization);
}

/// Replicates each pixel to `stride` x `stride`. Parts share the rows of pixels.
template <Element In, Element Out>
TAXON_NOINLINE void upsample(const Geometry& g, const Operands& o) {
    const int channels = round_up(g.in.shape.channels, Narrow::lanes), factor = g.stride;
    const auto rows = o.share(g.in.shape.height);
    for (int y = rows.first; y < rows.last; ++y)
        for (int x = 0; x < g.in.shape.width; ++x) {
            const auto* a = o.in_as<In>() + g.in.pixel(y, x);
            auto* to = o.out_as<Out>() + g.out.pixel(y * factor, x * factor);
            int c = 0;
            for (; c + Wide::lanes <= channels; c += Wide::lanes)
                repeat<In, Out, Wide>(a + c, to + c, factor, g.out, o);
            if (c < channels) repeat<In, Out, Narrow>(a + c, to + c, factor, g.out, o);
        }
}

}  // namespace taxon::cpu::TAXON_ISA
