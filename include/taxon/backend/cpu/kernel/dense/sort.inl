// The numbers of each row in order.
namespace taxon::cpu::TAXON_ISA {

/// Few results of a row: by insertion into those so far, which most numbers do not reach.
template <class Precedes>
TAXON_INLINE void select(const float* from, int apart, int count, int limit, float* numbers, float* places,
                         const Precedes& precedes) {
    int there = 0;
    for (int k = 0; k < count; ++k) {
        const float x = from[k * apart];
        if (there == limit && !precedes(x, numbers[limit - 1])) continue;
        int place = there < limit ? there++ : limit - 1;
        for (; place > 0 && precedes(x, numbers[place - 1]); --place)
            numbers[place] = numbers[place - 1], places[place] = places[place - 1];
        numbers[place] = x, places[place] = static_cast<float>(k);
    }
}

/// All of a row: pairs, then runs of twice the length, and so on, which keeps equal numbers as they stand. Numbers and
/// places lie in `memory`, and are merged from one half to the other. Returns the half that holds them.
template <class Precedes>
TAXON_INLINE float* merge(const float* from, int apart, int count, float* memory, const Precedes& precedes) {
    float *source = memory, *target = memory + 2 * count;
    for (int k = 0; k < count; ++k) source[k] = from[k * apart], source[count + k] = static_cast<float>(k);
    for (int run = 1; run < count; run *= 2) {
        for (int begin = 0; begin < count; begin += 2 * run) {
            const int middle = begin + run < count ? begin + run : count,
                      end = middle + run < count ? middle + run : count;
            for (int k = begin, left = begin, right = middle; k < end; ++k) {
                const bool takes_right = left == middle || (right < end && precedes(source[right], source[left]));
                const int taken = takes_right ? right++ : left++;
                target[k] = source[taken], target[count + k] = source[count + taken];
            }
        }
        float* const other = source;
        source = target, target = other;
    }
    return source;
}

/// By one part alone, because there is scratch memory for one row.
inline void sort(const Geometry&, const Operands& o) {
    if (o.part > 0) return;
    const LoopNest& nest = *o.nest;
    const int last = nest.rank - 1, count = size_of(nest, last), apart = at(nest.operands[0], last), limit = nest.limit;
    const auto sort_row = [&](const float* from, const auto& precedes) __attribute__((always_inline)) {
        if (limit > 16) return static_cast<const float*>(merge(from, apart, count, o.scratch, precedes));
        select(from, apart, count, limit, o.scratch, o.scratch + count, precedes);
        return static_cast<const float*>(o.scratch);
    };
    for (int i = 0; i < nest.outer_count(); ++i) {
        std::array<int, 1> begin{nest.operands[0].first};
        add_offsets<1>(nest, last, none, i, {&nest.operands[0]}, begin);
        const float* const from = floats_of(o.in) + begin[0];
        const float* const sorted =
            nest.last ? sort_row(
                            from, [](float a, float b) __attribute__((always_inline)) { return a > b; })
                      : sort_row(
                            from, [](float a, float b) __attribute__((always_inline)) { return a < b; });
        copy_run(sorted + (nest.reverse ? count : 0), o.out_as<Element::float32>() + i * limit, limit);
    }
}

}  // namespace taxon::cpu::TAXON_ISA
