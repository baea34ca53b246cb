// Resizing of pictures: nearest pixels, or bilinear interpolation.
namespace taxon::cpu::TAXON_ISA {

/// Two pixels of an old row, and the share of the second.
struct Columns {
    int first, second;  ///< elements from the row's start
    float share;
};

template <class V>
TAXON_INLINE typename V::type mix(typename V::type a, typename V::type b, typename V::type share) {
    return V::fma(share, b - a, a);
}

template <bool Mixes, Element In, Element Out, class V>
TAXON_INLINE void resized(const Number<In>* upper, const Number<In>* lower, Columns columns, float down,
                          Number<Out>* to, const Operands& o) {
    const auto at = [&](const Number<In>* row, int pixel) __attribute__((always_inline)) {
        return read<In, V>(row + pixel, o.in_quantization);
    };
    auto number = at(upper, columns.first);
    if constexpr (Mixes) {
        const auto share = V::set(columns.share);
        number = mix<V>(mix<V>(number, at(upper, columns.second), share),
                        mix<V>(at(lower, columns.first), at(lower, columns.second), share), V::set(down));
    }
    write<Out, V>(to, number, o.out_quantization);
}

/// The same for one vector of a run of pixels, whose old columns are mixed once for all that lie between the same two.
template <Element In, Element Out>
TAXON_INLINE void resized_run(const Number<In>* upper, const Number<In>* lower, const Columns* columns, int count,
                              float down, Number<Out>* to, int pitch, const Operands& o) {
    using V = Narrow;
    const auto mixed = [&](int pixel, auto& column) __attribute__((always_inline)) {
        column = mix<V>(read<In, V>(upper + pixel, o.in_quantization), read<In, V>(lower + pixel, o.in_quantization),
                        V::set(down));
    };
    typename V::type left = V::set(0), right = left;
    for (int x = 0, first = -1; x < count; ++x, to += pitch) {
        if (columns[x].first != first) first = columns[x].first, mixed(first, left), mixed(columns[x].second, right);
        write<Out, V>(to, mix<V>(left, right, V::set(columns[x].share)), o.out_quantization);
    }
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
            if constexpr (Mixes)
                if (channels == 8) {  // where a vector is all, and larger pictures are mostly made: depths, masks
                    for (int c = 0; c < channels; c += Narrow::lanes)
                        resized_run<In, Out>(upper + c, lower + c, columns, count, two.share, to + c, out.pitch, o);
                    continue;
                }
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
