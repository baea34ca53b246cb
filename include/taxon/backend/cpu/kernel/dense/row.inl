// Functions of whole rows.
namespace taxon::cpu::TAXON_ISA {

template <RowFunction R>
TAXON_NOINLINE void row(const Geometry&, const Operands& o) {
    if (o.part > 0) return;
    const LoopNest& nest = *o.nest;
    const int last = nest.rank - 1, count = nest.sizes[static_cast<std::size_t>(last)],
              from = nest.operands[0].by[static_cast<std::size_t>(last)],
              by = nest.out.by[static_cast<std::size_t>(last)];
    const float *const gain = floats_of(o.operand), *const shift = floats_of(o.third);
    const bool scales = nest.operand_count > 1, shifts = nest.operand_count > 2;
    for_each_row(o, [&](int, const float* a, float* to) {
        float most = a[0];
        int first = 0;
        double sum = 0, mean = 0;
        for (int i = 0; i < count; ++i) {
            if (a[i * from] > most || a[i * from] != a[i * from]) most = a[i * from], first = i;
            mean += static_cast<double>(a[i * from]) / count;
        }
        for (int i = 0; i < count; ++i) {
            const double x = static_cast<double>(a[i * from]);
            if constexpr (R == RowFunction::softmax || R == RowFunction::log_softmax)
                sum += __builtin_exp(x - static_cast<double>(most));
            if constexpr (R == RowFunction::standardise) sum += (x - mean) * (x - mean) / count;
        }
        double running = 0;
        for (int k = 0; k < count; ++k) {
            const int i = nest.reverse ? count - 1 - k : k;
            const double x = static_cast<double>(a[i * from]);
            double y = 0;
            if constexpr (R == RowFunction::softmax) y = __builtin_exp(x - static_cast<double>(most)) / sum;
            if constexpr (R == RowFunction::log_softmax) y = x - static_cast<double>(most) - __builtin_log(sum);
            if constexpr (R == RowFunction::hard_maximum) y = i == first ? 1 : 0;
            if constexpr (R == RowFunction::standardise)
                y = (x - mean) / __builtin_sqrt(sum + static_cast<double>(nest.first));
            if constexpr (R == RowFunction::cumulative_sum) {
                y = nest.last ? running : running + x;
                running += x;
            }
            if (scales) y *= static_cast<double>(gain[i]);
            if (shifts) y += static_cast<double>(shift[i]);
            to[i * by] = static_cast<float>(y);
        }
    });
}

}  // namespace taxon::cpu::TAXON_ISA
