// Attention over dense values: softmax(factor · q · kᵀ + bias) · v, without the matrix of all scores.
namespace taxon::cpu::TAXON_ISA {

inline void scaled_dot_product(const Geometry&, const Operands& o) {
    if (o.part > 0) return;
    const LoopNest& nest = *o.nest;
    const int outer = nest.rank - 2;
    const auto keys = static_cast<std::size_t>(outer), features = keys + 1;
    const bool has_bias = nest.operand_count > 3;
    const Strides of_bias = has_bias ? o.nest[1].operands[0] : Strides{};
    const auto &q = nest.operands[0].by, &k = nest.operands[1].by, &v = nest.operands[2].by;
    const auto factor = static_cast<float>(nest.first);
    auto* const to = o.out_as<Element::float32>();
    nest.walk(0, outer, std::array{nest.operands[0], nest.operands[1], nest.operands[2], of_bias, nest.out},
              [&](int, const std::array<int, 5>& at) {
                  const float *of_query = floats_of(o.in) + at[0], *of_key = floats_of(o.operand) + at[1],
                              *value = floats_of(o.third) + at[2], *bias = floats_of(o.fourth) + at[3];
                  float most = -1e30f, sum = 0, mixed = 0;
                  for (int key = 0; key < nest.sizes[keys]; ++key) {
                      float score = 0;
                      for (int i = 0; i < nest.sizes[features]; ++i)
                          score += of_query[i * q[features]] * of_key[key * k[keys] + i * k[features]];
                      score = score * factor + (has_bias ? bias[key * of_bias.by[keys]] : 0);
                      if (score > most) {
                          const float scale = __builtin_expf(most - score);
                          sum *= scale, mixed *= scale, most = score;
                      }
                      const float difference = score - most,
                                  weight = __builtin_expf(difference < -87 ? -87 : difference);
                      sum += weight, mixed += weight * value[key * v[keys]];
                  }
                  to[at[4]] = mixed / sum;
              });
}

}  // namespace taxon::cpu::TAXON_ISA
