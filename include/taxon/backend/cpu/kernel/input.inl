// The network's input, from planes to pixels.
namespace taxon::cpu::TAXON_ISA {

using EightFloats [[gnu::vector_size(32)]] = float;

/// Three rows of planes to a row of RGB pixels: 8 at a time by shuffles, 10 us for 224 x 224 where single stores need
/// 28.
TAXON_INLINE void interleave(const float* r, const float* g, const float* b, float* out, int width) {
    int x = 0;
    for (; x + 8 <= width; x += 8, out += 24) {
        EightFloats red, green, blue;
        std::memcpy(&red, r + x, sizeof red), std::memcpy(&green, g + x, sizeof green),
            std::memcpy(&blue, b + x, sizeof blue);
        const EightFloats rg0 = __builtin_shufflevector(red, green, 0, 8, 0, 1, 9, 0, 2, 10),
                          first = __builtin_shufflevector(rg0, blue, 0, 1, 8, 3, 4, 9, 6, 7);
        const EightFloats rg1 = __builtin_shufflevector(red, green, 0, 3, 11, 0, 4, 12, 0, 5),
                          second = __builtin_shufflevector(rg1, blue, 10, 1, 2, 11, 4, 5, 12, 7);
        const EightFloats rg2 = __builtin_shufflevector(red, green, 13, 0, 6, 14, 0, 7, 15, 0),
                          third = __builtin_shufflevector(rg2, blue, 0, 13, 2, 3, 14, 5, 6, 15);
        std::memcpy(out, &first, sizeof first), std::memcpy(out + 8, &second, sizeof second),
            std::memcpy(out + 16, &third, sizeof third);
    }
    for (; x < width; ++x, out += 3) out[0] = r[x], out[1] = g[x], out[2] = b[x];
}

/// Row `y` of planes to pixels of floats.
TAXON_NOINLINE inline void load_row(const float* sample, const View& view, int y, int x, int width, float* out) {
    const int channels = view.shape.channels, pixels = view.shape.pixels();
    const float* in = sample + y * view.shape.width + x;
    if (channels == 3 && view.pitch == 3) return interleave(in, in + pixels, in + 2 * pixels, out, width);
    for (x = 0; x < width; ++x, out += view.pitch)
        for (int c = 0; c < channels; ++c) out[c] = in[x + c * pixels];
}

/// The same to numbers of another type, some pixels at a time by way of floats. They lie side by side.
template <Element E>
TAXON_INLINE void load_row_as(const float* sample, const View& view, int y, Number<E>* out,
                              const QuantizationParameters& as) {
    constexpr int most = 64;
    float floats[8 * most];  // of less than eight channels
    Number<E> numbers[8 * most];
    for (int x = 0; x < view.shape.width; x += most) {
        const int width = view.shape.width - x < most ? view.shape.width - x : most, count = width * view.pitch;
        load_row(sample, view, y, x, width, floats);
        for (int i = 0; i < count; i += Narrow::lanes) write<E, Narrow>(numbers + i, Narrow::load(floats + i), as);
        std::memcpy(out + x * view.pitch, numbers, sizeof *out * static_cast<std::size_t>(count));
    }
}

/// (C, H, W) dense into the input's buffer, rows `first` to `last`; tokens come as (length, features) already.
TAXON_NOINLINE inline void load_input(const float* sample, std::byte* origin, const View& view,
                                      const QuantizationParameters& as, int first, int last) {
    auto* floats = reinterpret_cast<float*>(origin);
    for (int y = first; y < last; ++y) {
        if (view.shape.sequence)
            for (int c = 0; c < view.shape.channels; ++c)
                floats[y * view.pitch + c] = sample[y * view.shape.channels + c];
        else if (view.element == Element::uint8)
            load_row_as<Element::uint8>(sample, view, y, reinterpret_cast<std::uint8_t*>(origin) + view.pixel(y, 0),
                                        as);
        else if (view.element == Element::int16)
            load_row_as<Element::int16>(sample, view, y, reinterpret_cast<std::int16_t*>(origin) + view.pixel(y, 0),
                                        as);
        else if (view.element == Element::bfloat16)
            load_row_as<Element::bfloat16>(sample, view, y, reinterpret_cast<bfloat16*>(origin) + view.pixel(y, 0), as);
        else load_row(sample, view, y, 0, view.shape.width, floats + view.pixel(y, 0));
    }
}

}  // namespace taxon::cpu::TAXON_ISA
