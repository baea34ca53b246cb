// Products of matrices that are dense values, by the loops of a nest.
namespace taxon::cpu::TAXON_ISA {

inline void matrix_product(const Geometry&, const Operands& o) {
    if (o.part > 0) return;
    const LoopNest& nest = *o.nest;
    const int outer = nest.rank - nest.inner;
    const auto factor = static_cast<float>(nest.first);
    auto* const to = o.out_as<Element::float32>();
    nest.walk(0, outer, std::array{nest.operands[0], nest.operands[1], nest.out},
              [&](int, const std::array<int, 3>& begin) {
                  Strides of_a = nest.operands[0], of_b = nest.operands[1];
                  of_a.first = begin[0], of_b.first = begin[1];
                  float sum = 0;
                  nest.walk(outer, nest.rank, std::array{of_a, of_b}, [&](int, const std::array<int, 2>& at) {
                      sum += floats_of(o.in)[at[0]] * floats_of(o.operand)[at[1]];
                  });
                  to[begin[2]] = factor * sum;
              });
}

}  // namespace taxon::cpu::TAXON_ISA
