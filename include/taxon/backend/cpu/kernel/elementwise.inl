// What goes number by number, or adds up numbers: bound by memory, so one kernel serves all shapes at run time.
namespace taxon::cpu::TAXON_ISA {

/// The pixels of a part: some rows, or where there is one only, some columns; and the channels, a multiple of eight.
struct Extent {
    int top, bottom, left, right, channels;
};

template <Geometry G, class Weight>
TAXON_INLINE Extent extent(const Operands<Weight>& o) {
    const int height = G.out.shape.height, width = G.out.shape.sequence ? o.length : G.out.shape.width;
    const auto rows = height > 1 ? o.share(height) : typename Operands<Weight>::Range{0, 1};
    const auto columns = height > 1 ? typename Operands<Weight>::Range{0, width} : o.share(width);
    return {rows.first, rows.last, columns.first, columns.last, round_up(G.out.shape.channels, 8)};
}

/// out = Function(Combine(in, operand)). `operand_pixel` 0: the same channels for all pixels.
template <Activation Function, class Combine>
TAXON_NOINLINE void elementwise(Extent extent, const float* in, View in_view, const float* operand, int operand_row, int operand_pixel, float* out, View out_view) {
    for (int y = extent.top; y < extent.bottom; ++y)
        for (int x = extent.left; x < extent.right; ++x) {
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
    for (int y = extent.top; y < extent.bottom; ++y)
        for (int x = extent.left; x < extent.right; ++x) {
            const float* a = in + in_view.pixel(y, x);
            float* to = out + out_view.pixel(y, x);
            for (int c = 0; c < extent.channels; c += Narrow::lanes)
                Narrow::store(to + c, activate<Function, Narrow>(Narrow::fma(Narrow::load(a + c), Narrow::load(scale + c), Narrow::load(shift + c))));
        }
}

/// Any number of channels into a slice, and zeros after them where the slice is the last one.
TAXON_NOINLINE inline void copy(Extent extent, int channels, int zeros, const float* in, View in_view, float* __restrict out, View out_view) {
    for (int y = extent.top; y < extent.bottom; ++y)
        for (int x = extent.left; x < extent.right; ++x) {
            float* to = out + out_view.pixel(y, x);
            const float* a = in + in_view.pixel(y, x);
            for (int c = 0; c < channels; ++c) to[c] = a[c];
            for (int c = 0; c < zeros; ++c) to[channels + c] = 0;
        }
}

}  // namespace taxon::cpu::TAXON_ISA
