// Embeddings of any number of features.
namespace taxon::cpu::TAXON_ISA::any_size {

/// As the kernel of embedding.inl, whose row is completed where it is written.
inline void embedding(const Geometry& g, const Operands& o) {
    const int channels = g.out.shape.channels, columns = round_up(channels, 8);
    const auto *words = o.weights_as<Element::float32>(), *positions = words + std::ptrdiff_t{g.words} * columns,
               *types = positions + std::ptrdiff_t{g.positions} * columns, *more = o.operand_as<Element::float32>();
    const auto row = [&](const float* table, float number) {
        return table + static_cast<std::ptrdiff_t>(number) * columns;
    };
    const auto mine = o.share(o.length);
    for (int t = mine.first; t < mine.last; ++t) {
        const float* token = o.in_as<Element::float32>() + t * g.in.pitch;
        const float id = token[0], beyond = id - static_cast<float>(g.words);
        const float *word = beyond < 0 ? row(words, id) : row(more, beyond), *position = positions + t * columns,
                    *type = row(types, token[1]);
        float* to = o.out_as<Element::float32>() + t * g.out.pitch;
        for (int c = 0; c < columns; c += Narrow::lanes)
            Narrow::store(to + c, (Narrow::load(word + c) + Narrow::load(type + c)) + Narrow::load(position + c));
        if (g.inverse_epsilon > 0)
            normalise<Element::float32, Element::float32>(to, {}, channels, 1.f / static_cast<float>(g.inverse_epsilon),
                                                          o.bias, o.bias + shifts_at(g), to, o.out_quantization);
    }
}

}  // namespace taxon::cpu::TAXON_ISA::any_size
