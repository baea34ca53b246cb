// Updates of a dense value at places that another holds.
namespace taxon::cpu::TAXON_ISA {

template <Scatter S>
TAXON_NOINLINE void scatter(const Geometry&, const Operands& o) {
    if (o.part > 0) return;
    const LoopNest& nest = *o.nest;
    auto* const to = o.out_as<Element::float32>();
    for (int i = 0; i < nest.result_count; ++i) to[i] = floats_of(o.in)[i];
    nest.walk(0, nest.rank, std::array{nest.out, nest.operands[1], nest.operands[2]},
              [&](int, const std::array<int, 3>& at) {
                  float& old = to[at[0] + place_of(nest, floats_of(o.operand)[at[1]])];
                  const float update = floats_of(o.third)[at[2]];
                  if constexpr (S == Scatter::replace) old = update;
                  if constexpr (S == Scatter::add) old += update;
                  if constexpr (S == Scatter::multiply) old *= update;
                  if constexpr (S == Scatter::minimum) old = update < old ? update : old;
                  if constexpr (S == Scatter::maximum) old = update > old ? update : old;
              });
}

}  // namespace taxon::cpu::TAXON_ISA
