// Class attention: one query per head, over all pixels of a picture and its own token. Bound by reading keys and values
// once, so sizes are run-time arguments.
namespace taxon::cpu::TAXON_ISA {

/// A head's key or value number `key`: of the token, or of a pixel.
struct ClassRow {
    const float *token, *pixels;
    const View& view;
    TAXON_INLINE const float* operator[](int key) const {
        const int width = view.shape.width, pixel = key - 1;
        return key == 0 ? token : pixels + view.pixel(pixel / width, pixel % width);
    }
};

/// Operand: query, key and value of the token. Parts share the heads; their scores lie in scratch memory.
TAXON_NOINLINE inline void class_attention(const Geometry& g, const Operands& o) {
    const int features = g.out.shape.channels, size = features / g.heads, keys = g.in.shape.pixels() + 1,
              padded = round_up(keys, 8);
    const auto scale = Narrow::set(1 / __builtin_sqrtf(static_cast<float>(size)));
    const auto mine = o.share(g.heads);
    for (int head = mine.first; head < mine.last; ++head) {
        const float *query = o.operand_as<Element::float32>() + head * size, *token = query + features,
                    *pixels = o.in_as<Element::float32>() + head * size;
        const ClassRow key_rows{token, pixels, g.in}, value_rows{token + features, pixels + features, g.in};
        float* scores = o.scratch + head * padded;
        for (int k = 0; k < keys; ++k) {
            EightLanes sums;
            for (int c = 0; c < size; c += 8) TAXON_UNROLL for (int j = 0; j < EightLanes::count; ++j) {
                    const int at = c + j * Narrow::lanes;
                    sums.parts[j] =
                        Narrow::fma(Narrow::load(query + at), Narrow::load(key_rows[k] + at), sums.parts[j]);
                }
            scores[k] = sums.total();
        }
        for (int k = keys; k < padded; ++k) scores[k] = scores[0];
        float most = scores[0];
        for (int k = 1; k < keys; ++k) most = scores[k] > most ? scores[k] : most;
        for (int k = 0; k < padded; k += Narrow::lanes)
            Narrow::store(scores + k, exponential<Narrow>((Narrow::load(scores + k) - Narrow::set(most)) * scale));
        for (int k = keys; k < padded; ++k) scores[k] = 0;
        EightLanes sums;
        for (int k = 0; k < padded; k += 8)
            TAXON_UNROLL for (int j = 0; j < EightLanes::count; ++j) sums.parts[j] =
                sums.parts[j] + Narrow::load(scores + k + j * Narrow::lanes);
        const auto share = Narrow::set(1 / sums.total());
        for (int c = 0; c < size; c += Narrow::lanes) {
            auto mixed = Narrow::set(0);
            for (int k = 0; k < keys; ++k)
                mixed = Narrow::fma(Narrow::set(scores[k]), Narrow::load(value_rows[k] + c), mixed);
            Narrow::store(o.out_as<Element::float32>() + head * size + c, mixed * share);
        }
    }
}

}  // namespace taxon::cpu::TAXON_ISA
