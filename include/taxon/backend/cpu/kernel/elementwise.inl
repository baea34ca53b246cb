// What goes number by number, or adds up numbers: bound by memory, so one kernel serves all shapes at run time.
namespace taxon::cpu::TAXON_ISA {

/// The pixels of a part: some rows, or where there is one only, some columns; and the channels, a multiple of eight.
struct Extent {
    int top, bottom, left, right, channels;
};

template <Geometry G>
TAXON_INLINE Extent extent(const Operands& o) {
    const int height = G.out.shape.height, width = G.out.shape.sequence ? o.length : G.out.shape.width;
    const auto rows = height > 1 ? o.share(height) : Operands::Range{0, 1};
    const auto columns = height > 1 ? Operands::Range{0, width} : o.share(width);
    return {rows.first, rows.last, columns.first, columns.last, round_up(G.out.shape.channels, 8)};
}

/// out = Function(Combine(in, operand)). `operand_pixel` 0: the same channels for all pixels.
template <Activation Function, class Combine, Element In, Element With, Element Out>
TAXON_NOINLINE void elementwise(Extent extent, const Operands& o, View in_view, int operand_row, int operand_pixel,
                                View out_view) {
    for (int y = extent.top; y < extent.bottom; ++y)
        for (int x = extent.left; x < extent.right; ++x) {
            const auto* a = o.in_as<In>() + in_view.pixel(y, x);
            const auto* b = o.operand_as<With>() + y * operand_row + x * operand_pixel;
            auto* to = o.out_as<Out>() + out_view.pixel(y, x);
            for (int c = 0; c < extent.channels; c += Narrow::lanes) {
                const auto combined = Combine::template combine<With>(read<In, Narrow>(a + c, o.in_quantization), b + c,
                                                                      o.operand_quantization);
                write<Out, Narrow>(to + c, activate<Function, Narrow>(combined), o.out_quantization);
            }
        }
}

struct Alone {
    template <Element With>
    TAXON_INLINE static typename Narrow::type combine(typename Narrow::type a, const Number<With>*,
                                                      const QuantizationParameters&) {
        return a;
    }
};
struct Sum {
    template <Element With>
    TAXON_INLINE static typename Narrow::type combine(typename Narrow::type a, const Number<With>* b,
                                                      const QuantizationParameters& as) {
        return a + read<With, Narrow>(b, as);
    }
};
struct Gate {
    template <Element With>
    TAXON_INLINE static typename Narrow::type combine(typename Narrow::type a, const Number<With>* b,
                                                      const QuantizationParameters& as) {
        return a * read<With, Narrow>(b, as);
    }
};

/// out = Function(in · scale + shift) by channel.
template <Activation Function, Element In, Element Out>
TAXON_NOINLINE void affine(Extent extent, const Operands& o, View in_view, const float* scale, const float* shift,
                           View out_view) {
    for (int y = extent.top; y < extent.bottom; ++y)
        for (int x = extent.left; x < extent.right; ++x) {
            const auto* a = o.in_as<In>() + in_view.pixel(y, x);
            auto* to = o.out_as<Out>() + out_view.pixel(y, x);
            for (int c = 0; c < extent.channels; c += Narrow::lanes) {
                const auto moved = Narrow::fma(read<In, Narrow>(a + c, o.in_quantization), Narrow::load(scale + c),
                                               Narrow::load(shift + c));
                write<Out, Narrow>(to + c, activate<Function, Narrow>(moved), o.out_quantization);
            }
        }
}

/// Any number of channels into a slice, and zeros after them where the slice is the last one: a lane at a time through
/// a register, so that nothing after them is touched.
template <Element In, Element Out>
TAXON_NOINLINE void copy(Extent extent, int channels, int zeros, const Operands& o, View in_view, View out_view) {
    Number<In> before[Narrow::lanes];
    Number<Out> after[Narrow::lanes];
    for (int y = extent.top; y < extent.bottom; ++y)
        for (int x = extent.left; x < extent.right; ++x) {
            auto* to = o.out_as<Out>() + out_view.pixel(y, x);
            const auto* a = o.in_as<In>() + in_view.pixel(y, x);
            for (int c = 0; c < channels + zeros; c += Narrow::lanes) {
                const int whole = channels + zeros - c < Narrow::lanes ? channels + zeros - c : Narrow::lanes,
                          there = channels - c < whole ? channels - c : whole;
                if constexpr (In == Out && !is_integer(In)) {
                    if (there > 0) std::memcpy(to + c, a + c, sizeof(*a) * static_cast<std::size_t>(there));
                    if (there < whole)
                        std::memset(static_cast<void*>(to + c + (there > 0 ? there : 0)), 0,
                                    sizeof(*to) * static_cast<std::size_t>(whole - (there > 0 ? there : 0)));
                } else {
                    std::memset(static_cast<void*>(before), 0, sizeof before);
                    if (there > 0) std::memcpy(before, a + c, sizeof(*a) * static_cast<std::size_t>(there));
                    write<Out, Narrow>(after, read<In, Narrow>(before, o.in_quantization), o.out_quantization);
                    std::memcpy(to + c, after, sizeof(*to) * static_cast<std::size_t>(whole));
                }
            }
        }
}

/// A vector of a pixel to all of the pixels that it becomes.
template <Element In, Element Out, class V>
TAXON_INLINE void repeat(const Number<In>* from, Number<Out>* to, int factor, const View& out_view, const Operands& o) {
    const auto numbers = read<In, V>(from, o.in_quantization);
    for (int y = 0; y < factor; ++y)
        for (int x = 0; x < factor; ++x) write<Out, V>(to + out_view.pixel(y, x), numbers, o.out_quantization);
}

/// Rows `first` to `last` of the picture, each pixel to `factor` x `factor` of the other.
template <Element In, Element Out>
TAXON_NOINLINE void upsample(int first, int last, int factor, const Operands& o, View in_view, View out_view) {
    const int channels = round_up(in_view.shape.channels, Narrow::lanes);
    for (int y = first; y < last; ++y)
        for (int x = 0; x < in_view.shape.width; ++x) {
            const auto* a = o.in_as<In>() + in_view.pixel(y, x);
            auto* to = o.out_as<Out>() + out_view.pixel(y * factor, x * factor);
            int c = 0;
            for (; c + Wide::lanes <= channels; c += Wide::lanes)
                repeat<In, Out, Wide>(a + c, to + c, factor, out_view, o);
            if (c < channels) repeat<In, Out, Narrow>(a + c, to + c, factor, out_view, o);
        }
}

}  // namespace taxon::cpu::TAXON_ISA
