// A dense value made of pieces of others.
namespace taxon::cpu::TAXON_ISA {

inline void assemble(const Geometry& g, const Operands& o) {
    if (o.part > 0) return;
    const LoopNest& nest = *o.nest;
    auto* const to = o.out_as<Element::float32>();
    if (g.function != 0) {
        const auto filling = static_cast<float>(nest.first);
        for (int i = 0; i < nest.result_count; ++i) to[i] = filling;
        return;
    }
    nest.walk(0, nest.rank, std::array{nest.operands[0], nest.out},
              [&](int, const std::array<int, 2>& at) { to[at[1]] = floats_of(o.in)[at[0]]; });
}

}  // namespace taxon::cpu::TAXON_ISA
