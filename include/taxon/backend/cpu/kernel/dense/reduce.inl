// One number from each row of a dense value.
namespace taxon::cpu::TAXON_ISA {

template <Reduction R>
TAXON_NOINLINE void reduce(const Geometry&, const Operands& o) {
    if (o.part > 0) return;
    const LoopNest& nest = *o.nest;
    for_each_row(o, [&](int i, const float* a, float*) {
        double sum = R == Reduction::product ? 1 : 0;
        float best = a[0];
        int place = 0;
        for_each_inner(nest, a, [&](int k, float x) {
            if constexpr (R == Reduction::sum || R == Reduction::mean) sum += static_cast<double>(x);
            else if constexpr (R == Reduction::product) sum *= static_cast<double>(x);
            else {
                constexpr bool least = R == Reduction::minimum || R == Reduction::argument_of_minimum;
                if ((least ? x < best : x > best) || x != x || (nest.last && x == best)) best = x, place = k;
            }
        });
        if constexpr (R == Reduction::mean) sum /= nest.inner_count();
        o.out_as<Element::float32>()[i] = R <= Reduction::product   ? static_cast<float>(sum)
                                          : R <= Reduction::maximum ? best
                                                                    : static_cast<float>(place);
    });
}

}  // namespace taxon::cpu::TAXON_ISA
