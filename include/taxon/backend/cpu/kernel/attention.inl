// Self-attention by head; whole rows of scores, since a few hundred tokens fit the first cache.
namespace taxon::cpu::TAXON_ISA {

/// Heads `first` to `last`. `in`: `tokens` rows of 3 · heads · size numbers (queries, keys, values). `scratch`: for each head
/// (size + 1) · tokens rounded up to 16.
TAXON_NOINLINE inline void attention(int tokens, int heads, int first, int last, int size, const float* in, int in_pitch, float* __restrict out, int out_pitch, float* __restrict scratch) {
    const int features = heads * size, padded = round_up(tokens, 16);
    const float inverse_root = 1 / __builtin_sqrtf(static_cast<float>(size));
    for (int head = first; head < last; ++head) {
        float *keys = scratch + head * (size + 1) * padded, *scores = keys + size * padded;
        const float *query = in + head * size, *key = query + features, *value = key + features;
        for (int d = 0; d < size; ++d)  // (d, token), so that a query's scores are rows times numbers
            for (int t = 0; t < padded; ++t) keys[d * padded + t] = t < tokens ? key[t * in_pitch + d] * inverse_root : 0;
        for (int q = 0; q < tokens; ++q) {
            float largest = -1e30f, sum = 0;
            for (int t = 0; t < padded; t += Narrow::lanes) {
                auto score = Narrow::set(0);
                for (int d = 0; d < size; ++d) score = Narrow::fma(Narrow::set(query[q * in_pitch + d]), Narrow::load(keys + d * padded + t), score);
                Narrow::store(scores + t, score);
            }
            for (int t = 0; t < tokens; ++t) largest = scores[t] > largest ? scores[t] : largest;
            for (int t = 0; t < padded; t += Narrow::lanes) Narrow::store(scores + t, exponential<Narrow>(Narrow::load(scores + t) - Narrow::set(largest)));
            for (int t = 0; t < tokens; ++t) sum += scores[t];
            float* to = out + q * out_pitch + head * size;
            int d = 0;
            for (; d + Narrow::lanes <= size; d += Narrow::lanes) {
                auto mixed = Narrow::set(0);
                for (int t = 0; t < tokens; ++t) mixed = Narrow::fma(Narrow::set(scores[t]), Narrow::load(value + t * in_pitch + d), mixed);
                Narrow::store(to + d, mixed * Narrow::set(1 / sum));
            }
            for (; d < size; ++d) {
                float mixed = 0;
                for (int t = 0; t < tokens; ++t) mixed += scores[t] * value[t * in_pitch + d];
                to[d] = mixed / sum;
            }
        }
    }
}

}  // namespace taxon::cpu::TAXON_ISA
