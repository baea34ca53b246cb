// What goes number by number, or adds up numbers: bound by memory, so one kernel serves all shapes at run time.
namespace taxon::cpu::TAXON_ISA {

/// Shapes of a run: rows of pixels of channels, which are a multiple of eight wide.
struct Extent {
    int height, width, channels;
};

template <Geometry G>
TAXON_INLINE Extent extent(int length) {
    const int width = G.out.shape.sequence ? length : G.out.shape.width;
    return {G.out.shape.height, width, round_up(G.out.shape.channels, 8)};
}

/// out = Function(Combine(in, operand)). `operand_pixel` 0: the same channels for all pixels.
template <Activation Function, class Combine>
TAXON_NOINLINE void elementwise(Extent extent, const float* in, View in_view, const float* operand, int operand_row, int operand_pixel, float* out, View out_view) {
    for (int y = 0; y < extent.height; ++y)
        for (int x = 0; x < extent.width; ++x) {
            const float *a = in + in_view.pixel(y, x), *b = operand + y * operand_row + x * operand_pixel;
            float* to = out + out_view.pixel(y, x);
            for (int c = 0; c < extent.channels; c += Narrow::lanes)
                Narrow::store(to + c, activate<Function, Narrow>(Combine::combine(Narrow::load(a + c), b + c)));
        }
}

struct Alone { TAXON_INLINE static typename Narrow::type combine(typename Narrow::type a, const float*) { return a; } };
struct Sum { TAXON_INLINE static typename Narrow::type combine(typename Narrow::type a, const float* b) { return a + Narrow::load(b); } };
struct Gate { TAXON_INLINE static typename Narrow::type combine(typename Narrow::type a, const float* b) { return a * Narrow::load(b); } };

/// out = Function(in · scale + shift) by channel; the shifts lie after the scales.
template <Activation Function>
TAXON_NOINLINE void affine(Extent extent, const float* in, View in_view, const float* scale, const float* shift, float* out, View out_view) {
    for (int y = 0; y < extent.height; ++y)
        for (int x = 0; x < extent.width; ++x) {
            const float* a = in + in_view.pixel(y, x);
            float* to = out + out_view.pixel(y, x);
            for (int c = 0; c < extent.channels; c += Narrow::lanes)
                Narrow::store(to + c, activate<Function, Narrow>(Narrow::fma(Narrow::load(a + c), Narrow::load(scale + c), Narrow::load(shift + c))));
        }
}

/// Mean over the pixels, by channel. `extent` is the input's.
TAXON_NOINLINE inline void mean(Extent extent, const float* in, View in_view, float* __restrict out) {
    for (int c = 0; c < extent.channels; c += Narrow::lanes) {
        auto sum = Narrow::set(0);
        for (int y = 0; y < extent.height; ++y)
            for (int x = 0; x < extent.width; ++x) sum = sum + Narrow::load(in + in_view.pixel(y, x) + c);
        Narrow::store(out + c, sum * Narrow::set(1.f / static_cast<float>(extent.height * extent.width)));
    }
}

/// Any number of channels into a slice, and zeros after them where the slice is the last one.
TAXON_NOINLINE inline void copy(Extent extent, int channels, int zeros, const float* in, View in_view, float* __restrict out, View out_view) {
    for (int y = 0; y < extent.height; ++y)
        for (int x = 0; x < extent.width; ++x) {
            float* to = out + out_view.pixel(y, x);
            const float* a = in + in_view.pixel(y, x);
            for (int c = 0; c < channels; ++c) to[c] = a[c];
            for (int c = 0; c < zeros; ++c) to[channels + c] = 0;
        }
}

}  // namespace taxon::cpu::TAXON_ISA
