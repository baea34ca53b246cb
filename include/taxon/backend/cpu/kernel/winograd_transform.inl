// Transforms of Winograd's convolution F(4x4, 3x3). The points are 0, ±√½, ±√2 and ∞: with them the error is about
// twice that of a direct sum; with 0, ±1, ±2 and ∞ it is eight times.
namespace taxon::cpu::TAXON_ISA {

inline constexpr float sqrt2 = 1.41421356237309505f;

/// Six numbers at the points: a row of Bᵀ each.
template <class V>
TAXON_INLINE void to_points(const typename V::type (&x)[6], typename V::type (&r)[6]) {
    const auto even1 = V::fma(V::set(-2), x[2], x[4]), odd1 = V::fma(V::set(-sqrt2 / 2), x[3], V::set(sqrt2) * x[1]);
    const auto even2 = V::fma(V::set(-.5f), x[2], x[4]), odd2 = V::fma(V::set(-sqrt2 / 2), x[1], V::set(sqrt2) * x[3]);
    r[0] = V::fma(V::set(-2.5f), x[2], x[0]) + x[4];
    r[1] = even1 - odd1;
    r[2] = even1 + odd1;
    r[3] = even2 + odd2;
    r[4] = even2 - odd2;
    r[5] = V::fma(V::set(-2.5f), x[3], x[1]) + x[5];
}

/// Four outputs of six products: a row of Aᵀ each.
template <class V>
TAXON_INLINE void from_points(const typename V::type (&m)[6], typename V::type (&y)[4]) {
    const auto sum1 = m[1] + m[2], difference1 = m[1] - m[2], sum2 = m[3] + m[4], difference2 = m[3] - m[4];
    y[0] = m[0] + sum1 + sum2;
    y[1] = V::fma(V::set(sqrt2), difference2, V::set(sqrt2 / 2) * difference1);
    y[2] = V::fma(V::set(2), sum2, V::set(.5f) * sum1);
    y[3] = V::fma(V::set(2 * sqrt2), difference2, V::fma(V::set(sqrt2 / 4), difference1, m[5]));
}

/// The part of a tile, or of its 6x6 inputs, that lies in the picture.
struct Inside {
    int rows, columns;
};

/// 6x6 pixels of `channels`, a multiple of the lanes, to 36 planes. Loops that are not unrolled keep the addresses in
/// registers.
template <Element In, class V>
TAXON_NOINLINE void transform_tile(const Number<In>* in, std::ptrdiff_t row, std::ptrdiff_t pixel, int channels,
                                   float* __restrict out, std::ptrdiff_t plane, const QuantizationParameters& as) {
    for (int c = 0; c < channels; c += V::lanes) {
        typename V::type x[6], r[6], w[6][6];
        const auto* from = in + c;
        for (int i = 0; i < 6; ++i, from += pixel) {
            TAXON_UNROLL for (int j = 0; j < 6; ++j) x[j] = read<In, V>(from + j * row, as);
            to_points<V>(x, r);
            TAXON_UNROLL for (int j = 0; j < 6; ++j) w[j][i] = r[j];
        }
        float* to = out + c;
        for (int j = 0; j < 6; ++j, to += 6 * plane) {
            to_points<V>(w[j], r);
            TAXON_UNROLL for (int i = 0; i < 6; ++i) V::store(to + i * plane, r[i]);
        }
    }
}

/// The same where the tile extends beyond the picture's right or lower edge: memory there is not the picture's, and
/// counts as zeros.
template <Element In, class V>
TAXON_NOINLINE void transform_edge(const Number<In>* in, std::ptrdiff_t row, std::ptrdiff_t pixel, Inside inside,
                                   int channels, float* __restrict out, std::ptrdiff_t plane,
                                   const QuantizationParameters& as) {
    float patch[6 * 6 * V::lanes] = {};
    for (int c = 0; c < channels; c += V::lanes) {
        for (int y = 0; y < inside.rows; ++y)
            for (int x = 0; x < inside.columns; ++x)
                V::store(patch + (6 * y + x) * V::lanes, read<In, V>(in + y * row + x * pixel + c, as));
        transform_tile<Element::float32, V>(patch, 6 * V::lanes, V::lanes, V::lanes, out + c, plane, as);
    }
}

/// Transforms the tiles of block `number` to `inputs`: (36, tile, channel).
template <Element In>
TAXON_NOINLINE void transform_block(const Geometry& g, const taxon::detail::Winograd& cut, const Operands& o,
                                    int number, int tiles, float* inputs) {
    const int channels = round_up(g.in.shape.channels, Narrow::lanes), wide = channels / Wide::lanes * Wide::lanes;
    for (int t = 0; t < tiles; ++t) {
        const int tile = number * cut.block + t, y = tile / cut.across * cut.tile, x = tile % cut.across * cut.tile;
        const Inside inside{std::min(cut.window, g.in.shape.height + 2 - y),
                            std::min(cut.window, g.in.shape.width + 2 - x)};
        const bool whole = inside.rows == cut.window && inside.columns == cut.window;
        const auto* from = o.in_as<In>() + g.in.pixel(y - 1, x - 1);
        float* to = inputs + t * cut.pitch;
        const auto transform = [&]<class V>(V, int first, int count) {
            if (whole)
                transform_tile<In, V>(from + first, g.in.row(), g.in.pitch, count, to + first, cut.input_plane,
                                      o.in_quantization);
            else
                transform_edge<In, V>(from + first, g.in.row(), g.in.pitch, inside, count, to + first, cut.input_plane,
                                      o.in_quantization);
        };
        transform(Wide{}, 0, wide);
        if (wide < channels) transform(Narrow{}, wide, channels - wide);
    }
}

}  // namespace taxon::cpu::TAXON_ISA
