// Resizing of pictures: nearest pixels, or bilinear interpolation.
namespace taxon::cpu::TAXON_ISA {

/// Two pixels of an old row, and the share of the second.
struct Columns {
    int first, second;  ///< elements from the row's start
    float share;
};

template <bool Mixes, Element In, Element Out, class V>
TAXON_INLINE void resized(const Number<In>* upper, const Number<In>* lower, Columns columns, float down,
                          Number<Out>* to, const Operands& o) {
    const auto at = [&](const Number<In>* row, int pixel) __attribute__((always_inline)) {
        return read<In, V>(row + pixel, o.in_quantization);
    };
    auto number = at(upper, columns.first);
    if constexpr (Mixes) {
        const auto mix = [](auto a, auto b, auto share) __attribute__((always_inline)) {
            return V::fma(share, b - a, a);
        };
        const auto share = V::set(columns.share);
        number = mix(mix(number, at(upper, columns.second), share),
                     mix(at(lower, columns.first), at(lower, columns.second), share), V::set(down));
    }
    write<Out, V>(to, number, o.out_quantization);
}

/// Parts share the rows. Of each run of columns the places are computed once, not for every row.
template <bool Mixes, Element In, Element Out>
TAXON_NOINLINE void resize(const Geometry& g, const Operands& o) {
    constexpr int run = 64;
    const View &in = g.in, &out = g.out;
    const int channels = round_up(out.shape.channels, 8), width = out.shape.width;
    const auto rows = o.share(out.shape.height);
    for (int left = 0; left < width; left += run) {
        const int count = width - left < run ? width - left : run;
        Columns columns[run];
        for (int x = 0; x < count; ++x) {
            const Neighbours two = g.resizing.neighbours(g.resizing.x_step, left + x, in.shape.width);
            columns[x] = {two.first * in.pitch, two.second * in.pitch, two.share};
        }
        for (int y = rows.first; y < rows.last; ++y) {
            const Neighbours two = g.resizing.neighbours(g.resizing.y_step, y, in.shape.height);
            const auto *upper = o.in_as<In>() + in.pixel(two.first, 0),
                       *lower = o.in_as<In>() + in.pixel(two.second, 0);
            auto* to = o.out_as<Out>() + out.pixel(y, left);
            for (int x = 0; x < count; ++x, to += out.pitch) {
                int c = 0;
                for (; c + Wide::lanes <= channels; c += Wide::lanes)
                    resized<Mixes, In, Out, Wide>(upper + c, lower + c, columns[x], two.share, to + c, o);
                for (; c < channels; c += Narrow::lanes)
                    resized<Mixes, In, Out, Narrow>(upper + c, lower + c, columns[x], two.share, to + c, o);
            }
        }
    }
}

}  // namespace taxon::cpu::TAXON_ISA
