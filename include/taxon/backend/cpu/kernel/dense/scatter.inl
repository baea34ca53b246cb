// Updates of a dense value at places that another holds.
namespace taxon::cpu::TAXON_ISA {

/// By one part alone, in order: several updates may have one place.
template <Scatter S>
TAXON_NOINLINE void scatter(const Geometry&, const Operands& o) {
    if (o.part > 0) return;
    const LoopNest& nest = *o.nest;
    const int last = nest.rank - 1, count = size_of(nest, last);
    const int of_place = at(nest.out, last), of_index = at(nest.operands[1], last),
              of_update = at(nest.operands[2], last);
    auto* const to = o.out_as<Element::float32>();
    copy_run(floats_of(o.in), to, nest.result_count);
    for (int i = 0; i < nest.count(0, last); ++i) {
        std::array<int, 3> begin{nest.out.first, nest.operands[1].first, nest.operands[2].first};
        add_offsets<3>(nest, last, none, i, {&nest.out, &nest.operands[1], &nest.operands[2]}, begin);
        const float *const indices = floats_of(o.operand) + begin[1], *const updates = floats_of(o.third) + begin[2];
        for (int k = 0; k < count; ++k) {
            float& old = to[begin[0] + k * of_place + place_of(nest, indices[k * of_index])];
            const float update = updates[k * of_update];
            if constexpr (S == Scatter::replace) old = update;
            if constexpr (S == Scatter::add) old += update;
            if constexpr (S == Scatter::multiply) old *= update;
            if constexpr (S == Scatter::minimum) old = update < old || update != update ? update : old;
            if constexpr (S == Scatter::maximum) old = update > old || update != update ? update : old;
        }
    }
}

}  // namespace taxon::cpu::TAXON_ISA
