// One number from the numbers along the inner axes of a dense value.
namespace taxon::cpu::TAXON_ISA {

/// Numbers side by side along the inner axis `along`.
template <Reduction R>
TAXON_NOINLINE void reduce_along(const Operands& o, int along) {
    const LoopNest& nest = *o.nest;
    const Strides& from = nest.operands[0];
    const int outer = nest.rank - nest.inner, count = nest.inner_count(), run = size_of(nest, along);
    const auto [first, last] = o.share(nest.outer_count());
    for (int i = first; i < last; ++i) {
        std::array<int, 1> begin{from.first};
        add_offsets<1>(nest, outer, none, i, {&from}, begin);
        Lanes<R, 4> lanes;
        for (int k = 0; k < count / run; ++k) {
            std::array<int, 1> place = begin;
            int rest = k;
            for (int axis = nest.rank; axis-- > outer;)
                if (axis != along) place[0] += rest % size_of(nest, axis) * at(from, axis), rest /= size_of(nest, axis);
            lanes.add_run(floats_of(o.in) + place[0], run);
        }
        o.out_as<Element::float32>()[i] = Fold<R>::result(lanes.total(), count);
    }
}

/// Calls each(offset) for every number along the inner axes, the first one's offset given.
template <class Each>
TAXON_INLINE void for_each_inner(const LoopNest& nest, int offset, const Each& each) {
    const int outer = nest.rank - nest.inner, last = nest.rank - 1, run = size_of(nest, last),
              apart = at(nest.operands[0], last);
    for (int k = 0; k < nest.inner_count() / run; ++k) {
        int place = offset, rest = k;
        for (int axis = last; axis-- > outer; rest /= size_of(nest, axis))
            place += rest % size_of(nest, axis) * at(nest.operands[0], axis);
        for (int i = 0; i < run; ++i, place += apart) each(place);
    }
}

/// Numbers of neighbours along the outer axis `across` side by side, of `Registers` at a time.
template <Reduction R, std::size_t Registers>
TAXON_INLINE void reduce_neighbours(const Operands& o, int offset, int there, float* to, int apart) {
    const LoopNest& nest = *o.nest;
    const float* const from = floats_of(o.in);
    if constexpr (Fold<R>::finds_place) {
        typename Wide::type best[Registers], place[Registers];
        TAXON_UNROLL for (std::size_t r = 0; r < Registers; ++r) best[r] = Wide::set(Fold<R>::start),
                                                                 place[r] = Wide::set(0);
        int k = 0;
        for_each_inner(
            nest, offset, [&](int number) __attribute__((always_inline)) {
                const auto here = Wide::set(static_cast<float>(k));
                TAXON_UNROLL for (std::size_t r = 0; r < Registers; ++r) {
                    const int left = there - static_cast<int>(r) * Wide::lanes;
                    if (left <= 0) continue;
                    const auto x = load_rest(from + number + static_cast<int>(r) * Wide::lanes, left, best[r]);
                    auto takes = (Fold<R>::least ? x < best[r] : x > best[r]) | ((x != x) & (best[r] == best[r]));
                    if (nest.last || k == 0) takes |= (x == best[r]) | ((x != x) & (best[r] != best[r]));
                    best[r] = choose<Wide>(takes, x, best[r]), place[r] = choose<Wide>(takes, here, place[r]);
                }
                ++k;
            });
        float places[Registers * Wide::lanes];
        TAXON_UNROLL for (std::size_t r = 0; r < Registers; ++r)
            Wide::store(places + static_cast<int>(r) * Wide::lanes, place[r]);
        for (int i = 0; i < there; ++i) to[i * apart] = places[i];
    } else {
        Lanes<R, Registers> lanes;
        if (there == Lanes<R, Registers>::count)
            for_each_inner(
                nest, offset, [&](int number) __attribute__((always_inline)) { lanes.add(from + number); });
        else
            for_each_inner(
                nest,
                offset, [&](int number) __attribute__((always_inline)) { lanes.add_first(from + number, there); });
        lanes.write(to, apart, there, nest.inner_count());
    }
}

template <Reduction R>
TAXON_NOINLINE void reduce_across(const Operands& o, int across) {
    const LoopNest& nest = *o.nest;
    constexpr std::size_t at_once = 4;
    constexpr int width = static_cast<int>(at_once) * Wide::lanes;
    const int outer = nest.rank - nest.inner, size = size_of(nest, across), blocks = (size + width - 1) / width;
    const auto [first, last] = o.share(nest.outer_count() / size * blocks);
    for (int i = first; i < last; ++i) {
        const int left = i % blocks * width, there = size - left < width ? size - left : width;
        std::array<int, 2> begin{nest.operands[0].first + left, nest.out.first + left * at(nest.out, across)};
        add_offsets<2>(nest, outer, across, i / blocks, {&nest.operands[0], &nest.out}, begin);
        reduce_neighbours<R, at_once>(o, begin[0], there, o.out_as<Element::float32>() + begin[1],
                                      at(nest.out, across));
    }
}

/// The place of an extreme number among numbers side by side: first the number, then the place.
template <Reduction R>
TAXON_NOINLINE void find_along(const Operands& o) {
    const LoopNest& nest = *o.nest;
    const int outer = nest.rank - 1, count = size_of(nest, outer);
    const auto [first, last] = o.share(nest.outer_count());
    for (int i = first; i < last; ++i) {
        std::array<int, 1> begin{nest.operands[0].first};
        add_offsets<1>(nest, outer, none, i, {&nest.operands[0]}, begin);
        const float* const from = floats_of(o.in) + begin[0];
        Lanes<R, 4> lanes;
        lanes.add_run(from, count);
        const auto best = static_cast<float>(lanes.total());
        const auto is_best = [&](float x) { return x == best || (x != x && best != best); };
        int place = nest.last ? count - 1 : 0;
        while (!is_best(from[place])) place += nest.last ? -1 : 1;
        o.out_as<Element::float32>()[i] = static_cast<float>(place);
    }
}

/// Any strides, one number at a time.
template <Reduction R>
TAXON_NOINLINE void reduce_singly(const Operands& o) {
    const LoopNest& nest = *o.nest;
    const auto [first, last] = o.share(nest.outer_count());
    for (int i = first; i < last; ++i) {
        std::array<int, 1> begin{nest.operands[0].first};
        add_offsets<1>(nest, nest.rank - nest.inner, none, i, {&nest.operands[0]}, begin);
        double all = static_cast<double>(Fold<R>::start);
        float best = floats_of(o.in)[begin[0]];
        int k = 0, place = 0;
        for_each_inner(
            nest, begin[0], [&](int number) __attribute__((always_inline)) {
                const float x = floats_of(o.in)[number];
                if constexpr (Fold<R>::finds_place) {
                    const bool same = x == best || (x != x && best != best);
                    if ((Fold<R>::least ? x < best : x > best) || (x != x && best == best) || (nest.last && same))
                        best = x, place = k;
                    ++k;
                } else all = Fold<R>::next(static_cast<double>(x), all);
            });
        o.out_as<Element::float32>()[i] =
            Fold<R>::finds_place ? static_cast<float>(place) : Fold<R>::result(all, nest.inner_count());
    }
}

template <Reduction R>
TAXON_NOINLINE void reduce(const Geometry&, const Operands& o) {
    const LoopNest& nest = *o.nest;
    const int outer = nest.rank - nest.inner;
    if constexpr (Fold<R>::finds_place) {
        if (nest.inner == 1 && at(nest.operands[0], outer) == 1 && size_of(nest, outer) >= Wide::lanes)
            return find_along<R>(o);
    } else
        for (int axis = nest.rank; axis-- > outer;)
            if (at(nest.operands[0], axis) == 1 && size_of(nest, axis) >= Wide::lanes) return reduce_along<R>(o, axis);
    const int across = axis_side_by_side<1>(nest, outer, {&nest.operands[0]});
    if (across != none) return reduce_across<R>(o, across);
    reduce_singly<R>(o);
}

}  // namespace taxon::cpu::TAXON_ISA
