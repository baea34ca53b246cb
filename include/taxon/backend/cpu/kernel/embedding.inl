// From ids of tokens to features.
namespace taxon::cpu::TAXON_ISA {

/// The sum of three rows of tables for each token, normalised if a normalisation follows. A row is finished in the
/// first cache.
template <Geometry G>
TAXON_INLINE void embedding(const Operands& o) {
    static_assert(G.in.element == Element::float32);
    constexpr int channels = G.out.shape.channels, columns = round_up(channels, 8);
    constexpr bool normalises = G.inverse_epsilon > 0;
    const auto *words = o.weights_as<G.weights>(), *positions = words + std::ptrdiff_t{G.words} * columns,
               *types = positions + std::ptrdiff_t{G.positions} * columns;
    const auto row = [](const auto* table, float number) {
        return table + static_cast<std::ptrdiff_t>(number) * columns;
    };
    const auto mine = o.share(o.length);
    for (int t = mine.first; t < mine.last; ++t) {
        const float* token = o.in_as<Element::float32>() + t * G.in.pitch;
        const auto *word = row(words, token[0]), *position = positions + t * columns, *type = row(types, token[1]);
        auto* to = o.out_as<G.out.element>() + t * G.out.pitch;
        [[maybe_unused]] float sums[std::size_t{columns}];
        for (int c = 0; c < columns; c += Narrow::lanes) {
            const auto sum = (Narrow::load(word + c) + Narrow::load(type + c)) + Narrow::load(position + c);
            if constexpr (normalises) Narrow::store(sums + c, sum);
            else write<G.out.element, Narrow>(to + c, sum, o.out_quantization);
        }
        if constexpr (normalises)
            normalise<Element::float32, G.out.element>(sums, {}, channels, 1.f / static_cast<float>(G.inverse_epsilon),
                                                       o.bias, o.bias + round_up(channels, 32), to, o.out_quantization);
    }
}

}  // namespace taxon::cpu::TAXON_ISA
