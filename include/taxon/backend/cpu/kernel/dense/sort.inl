// The numbers of each row in order.
namespace taxon::cpu::TAXON_ISA {

/// By insertion into the results so far.
inline void sort(const Geometry&, const Operands& o) {
    if (o.part > 0) return;
    const LoopNest& nest = *o.nest;
    float *const numbers = o.scratch, *const places = o.scratch + nest.inner_count();
    for_each_row(o, [&](int i, const float* a, float*) {
        int count = 0;
        for_each_inner(nest, a, [&](int k, float x) {
            int at = count;
            for (; at > 0 && (nest.last ? x > numbers[at - 1] : x < numbers[at - 1]); --at)
                if (at < nest.limit) numbers[at] = numbers[at - 1], places[at] = places[at - 1];
            if (at >= nest.limit) return;
            numbers[at] = x, places[at] = static_cast<float>(k);
            if (count < nest.limit) ++count;
        });
        float* const to = o.out_as<Element::float32>() + i * nest.limit;
        for (int k = 0; k < nest.limit; ++k) to[k] = nest.reverse ? places[k] : numbers[k];
    });
}

}  // namespace taxon::cpu::TAXON_ISA
