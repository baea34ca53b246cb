// From token ids to features.
namespace taxon::cpu::TAXON_ISA {

/// The sum of three table rows for each token, normalised if a normalisation follows. A row is completed in L1.
template <int Channels, bool Normalises, Element Weights, Element Out>
TAXON_NOINLINE void embedding(const Geometry& g, const Operands& o) {
    constexpr int columns = round_up(Channels, 8);
    const auto *words = o.weights_as<Weights>(), *positions = words + std::ptrdiff_t{g.words} * columns,
               *types = positions + std::ptrdiff_t{g.positions} * columns, *more = o.operand_as<Weights>();
    const auto row = [](const auto* table, float number) {
        return table + static_cast<std::ptrdiff_t>(number) * columns;
    };
    const auto mine = o.share(o.length);
    for (int t = mine.first; t < mine.last; ++t) {
        const float* token = o.in_as<Element::float32>() + t * g.in.pitch;
        const float id = token[0], beyond = id - static_cast<float>(g.words);
        const auto *word = beyond < 0 ? row(words, id) : row(more, beyond), *position = positions + t * columns,
                   *type = row(types, token[1]);
        auto* to = o.out_as<Out>() + t * g.out.pitch;
        [[maybe_unused]] float sums[std::size_t{columns}];
        for (int c = 0; c < columns; c += Narrow::lanes) {
            const auto sum = (Narrow::load(word + c) + Narrow::load(type + c)) + Narrow::load(position + c);
            if constexpr (Normalises) Narrow::store(sums + c, sum);
            else write<Out, Narrow>(to + c, sum, o.out_quantization);
        }
        if constexpr (Normalises)
            normalise<Element::float32, Out>(sums, {}, Channels, 1.f / static_cast<float>(g.inverse_epsilon), o.bias,
                                             o.bias + shifts_at(g), to, o.out_quantization);
    }
}

}  // namespace taxon::cpu::TAXON_ISA
