// Self-attention by head; whole rows of scores, since a few hundred tokens fit the first cache.
namespace taxon::cpu::TAXON_ISA {

/// Heads `first` to `last`. `in`: `tokens` rows of 3 · heads · size numbers (queries, keys, values). `scratch`: for each head
/// (size + 1) · tokens rounded up to 16.
template <Element In, Element Out>
TAXON_NOINLINE void attention(int tokens, int heads, int first, int last, int size, const Operands& o, int in_pitch, int out_pitch) {
    const int features = heads * size, padded = round_up(tokens, 16);
    const auto* in = o.in_as<In>();
    const auto number = [&](const Number<In>* from) {  // one, not a register of them
        Number<In> lanes[Narrow::lanes] = {*from};
        float numbers[Narrow::lanes];
        Narrow::store(numbers, read<In, Narrow>(lanes, o.from));
        return numbers[0];
    };
    Number<Out> zeros[Narrow::lanes];  // for the channels after the last head's: products of several inputs at once read them
    write<Out, Narrow>(zeros, Narrow::set(0), o.to);
    const float inverse_root = 1 / __builtin_sqrtf(static_cast<float>(size));
    for (int head = first; head < last; ++head) {
        float *keys = o.scratch + head * (size + 1) * padded, *scores = keys + size * padded;
        const auto *query = in + head * size, *key = query + features, *value = key + features;
        for (int d = 0; d < size; ++d)  // (d, token), so that a query's scores are rows times numbers
            for (int t = 0; t < padded; ++t) keys[d * padded + t] = t < tokens ? number(key + t * in_pitch + d) * inverse_root : 0;
        for (int q = 0; q < tokens; ++q) {
            float largest = -1e30f, sum = 0;
            for (int t = 0; t < padded; t += Narrow::lanes) {
                auto score = Narrow::set(0);
                for (int d = 0; d < size; ++d) score = Narrow::fma(Narrow::set(number(query + q * in_pitch + d)), Narrow::load(keys + d * padded + t), score);
                Narrow::store(scores + t, score);
            }
            for (int t = 0; t < tokens; ++t) largest = scores[t] > largest ? scores[t] : largest;
            for (int t = 0; t < padded; t += Narrow::lanes) Narrow::store(scores + t, exponential<Narrow>(Narrow::load(scores + t) - Narrow::set(largest)));
            for (int t = 0; t < tokens; ++t) sum += scores[t];
            auto* to = o.out_as<Out>() + q * out_pitch + head * size;
            int d = 0;
            for (; d + Narrow::lanes <= size; d += Narrow::lanes) {
                auto mixed = Narrow::set(0);
                for (int t = 0; t < tokens; ++t) mixed = Narrow::fma(Narrow::set(scores[t]), read<In, Narrow>(value + t * in_pitch + d, o.from), mixed);
                write<Out, Narrow>(to + d, mixed * Narrow::set(1 / sum), o.to);
            }
            for (; d < size; ++d) {
                float mixed = 0;
                for (int t = 0; t < tokens; ++t) mixed += scores[t] * number(value + t * in_pitch + d);
                Number<Out> lanes[Narrow::lanes];
                write<Out, Narrow>(lanes, Narrow::set(mixed / sum), o.to);
                to[d] = lanes[0];
            }
            if (head == heads - 1)
                for (int c = features; c < round_up(features, 8); ++c) to[c - head * size] = zeros[0];
        }
    }
}

template <Geometry G>
TAXON_INLINE void attention(const Operands& o) {
    const auto heads = o.share(G.heads);
    attention<G.in.element, G.out.element>(G.out.shape.sequence ? o.length : G.out.shape.width, G.heads, heads.first, heads.last, G.out.shape.channels / G.heads, o, G.in.pitch,
                                           G.out.pitch);
}

}  // namespace taxon::cpu::TAXON_ISA
