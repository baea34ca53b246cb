// Numbers of a dense value at places that another holds, read and written.
namespace taxon::cpu::TAXON_ISA {

/// Where an index leads: negative ones count from the end, others are clamped to the axis.
TAXON_INLINE int place_of(const LoopNest& nest, float index) {
    const auto limit = static_cast<float>(nest.limit);
    const float place = index < 0 ? index + limit : index;
    return place > 0 ? static_cast<int>(place < limit ? place : limit - 1) * nest.step : 0;
}

inline void gather(const Geometry&, const Operands& o) {
    if (o.part > 0) return;
    const LoopNest& nest = *o.nest;
    auto* const to = o.out_as<Element::float32>();
    nest.walk(0, nest.rank, std::array{nest.operands[0], nest.operands[1]}, [&](int i, const std::array<int, 2>& at) {
        to[i] = floats_of(o.in)[at[0] + place_of(nest, floats_of(o.operand)[at[1]])];
    });
}

}  // namespace taxon::cpu::TAXON_ISA
