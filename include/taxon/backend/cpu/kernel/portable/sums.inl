// Register tiles and their epilogue, of any size that a geometry gives at run time.
namespace taxon::cpu::portable {

inline constexpr int column = 8;  ///< output channels per tile; panels are multiples of it

/// Pixels per tile: their accumulators, a column of weights and a pixel's numbers fill the registers.
template <class D>
inline constexpr int tile_pixels = (registers - 2 * D::column_registers - D::spread_registers) / 2;
inline constexpr int most_tile_pixels = tile_pixels<Dot<Element::float32>>;

/// The reduction of a pixel: `rows` times `taps` runs of `length` inputs each, and the distances between them.
struct Reach {
    int rows, taps, length;
    std::ptrdiff_t row_step, tap_step;
};

/// The first input of each pixel's window; entries beyond the last pixel are unset.
template <class Number>
using Windows = const Number* [most_tile_pixels];

/// `Pixels` pixels by a column of outputs, whose weights are `panel` outputs apart from input to input; as floats,
/// `pitch` from pixel to pixel. Integer accumulators are multiplied by their scale, which lies `steps` floats after the
/// bias.
template <Element Weights, int Pixels>
TAXON_NOINLINE void tile(const Windows<typename Dot<Weights>::Number>& windows, const Reach& reach,
                         const Number<Weights>* weights, int panel, const float* bias, [[maybe_unused]] int steps,
                         float* out, int pitch) {
    using D = Dot<Weights>;
    constexpr std::size_t pixels = Pixels, vectors = column / Wide::lanes;
    typename D::Sum sums[pixels][vectors];
    TAXON_UNROLL for (std::size_t i = 0; i < pixels; ++i) TAXON_UNROLL for (std::size_t j = 0; j < vectors; ++j) {
        if constexpr (D::exact) sums[i][j] = typename D::Sum{};
        else sums[i][j] = D::load(bias + j * Wide::lanes);
    }
    for (int row = 0; row < reach.rows; ++row)
        for (int tap = 0; tap < reach.taps; ++tap) {
            const typename D::Number* runs[pixels];
            TAXON_UNROLL for (std::size_t i = 0; i < pixels; ++i) runs[i] =
                windows[i] + row * reach.row_step + tap * reach.tap_step;
            for (int k = 0; k < reach.length; k += D::fold, weights += D::fold * panel) {
                typename D::Column columns[vectors];
                TAXON_UNROLL for (std::size_t j = 0; j < vectors; ++j) columns[j] =
                    D::column(weights + j * D::fold * Wide::lanes);
                TAXON_UNROLL for (std::size_t i = 0; i < pixels; ++i) {
                    const auto x = D::broadcast(runs[i] + k);
                    TAXON_UNROLL for (std::size_t j = 0; j < vectors; ++j) sums[i][j] =
                        D::dot(x, columns[j], sums[i][j]);
                }
            }
        }
    TAXON_UNROLL for (std::size_t i = 0; i < pixels; ++i) TAXON_UNROLL for (std::size_t j = 0; j < vectors; ++j) {
        auto sum = D::to_float(sums[i][j]);
        if constexpr (D::exact)
            sum = Wide::fma(sum, Wide::load(bias + steps + j * Wide::lanes), Wide::load(bias + j * Wide::lanes));
        Wide::store(out + static_cast<int>(i) * pitch + j * Wide::lanes, sum);
    }
}

/// The same for the first `pixels` of them.
template <Element Weights, int Most = tile_pixels<Dot<Weights>>>
void tile_of(int pixels, const Windows<typename Dot<Weights>::Number>& windows, const Reach& reach,
             const Number<Weights>* weights, int panel, const float* bias, int steps, float* out, int pitch) {
    if (pixels == Most) return tile<Weights, Most>(windows, reach, weights, panel, bias, steps, out, pitch);
    if constexpr (Most > 1)
        return tile_of<Weights, Most - 1>(pixels, windows, reach, weights, panel, bias, steps, out, pitch);
}

// ── Epilogue ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/// A pixel of a map.
struct Pixel {
    int y, x;
};

/// Advances by that many pixels, row by row.
struct Pixels {
    int width;
    Pixel at(int number) const { return {number / width, number % width}; }
    void advance(Pixel& pixel) const {
        if (++pixel.x == width) pixel.x = 0, ++pixel.y;
    }
};

/// Calls `visit` with the element type of stored values.
template <class Visit>
void with_values(Element element, Visit visit) {
    switch (element) {
        case Element::bfloat16: return visit.template operator()<Element::bfloat16>();
        case Element::uint8: return visit.template operator()<Element::uint8>();
        case Element::int16: return visit.template operator()<Element::int16>();
        default: return visit.template operator()<Element::float32>();
    }
}

/// Stores the sums of `count` pixels for a column of outputs from `channel` on: activated, with the residual, converted
/// to the type of `out`.
inline void finish(const Geometry& g, const Operands& o, float* sums, const Pixel* pixels, int count, int channel) {
    if (!g.activation_last) activate_all(g.activation, sums, count * column);
    if (g.residual)
        with_values(g.operand.element, [&]<Element With>() {
            for (int i = 0; i < count; ++i) {
                const auto* from = o.operand_as<With>() + g.operand.pixel(pixels[i].y, pixels[i].x) + channel;
                for (int c = 0; c < column; c += Wide::lanes) {
                    float* sum = sums + i * column + c;
                    Wide::store(sum, Wide::load(sum) + read<With, Wide>(from + c, o.operand_quantization));
                }
            }
        });
    if (g.activation_last) activate_all(g.activation, sums, count * column);
    with_values(g.out.element, [&]<Element Out>() {
        for (int i = 0; i < count; ++i) {
            auto* to = o.out_as<Out>() + g.out.pixel(pixels[i].y, pixels[i].x) + channel;
            for (int c = 0; c < column; c += Wide::lanes) {
                const auto sum = Wide::load(sums + i * column + c);
                if constexpr (is_integer(Out))
                    if (g.by_channel) {
                        const float* factors = o.bias + taxon::detail::factors_at(g.out.shape.channels) + channel;
                        write_by_channel<Out, Wide>(to + c, sum, factors + c, o.out_quantization);
                        continue;
                    }
                write<Out, Wide>(to + c, sum, o.out_quantization);
            }
        }
    });
}

}  // namespace taxon::cpu::portable
