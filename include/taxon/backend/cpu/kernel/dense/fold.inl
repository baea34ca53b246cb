// Numbers put together, each in its lane.
namespace taxon::cpu::TAXON_ISA {

/// How numbers are put together.
template <Reduction R>
struct Fold {
    static constexpr bool sums = R == Reduction::sum || R == Reduction::mean,
                          least = R == Reduction::minimum || R == Reduction::argument_of_minimum,
                          finds_place = R >= Reduction::argument_of_minimum;
    static constexpr float start = sums                      ? 0
                                   : R == Reduction::product ? 1
                                   : least                   ? __builtin_inff()
                                                             : -__builtin_inff();
    template <class Number>
    TAXON_INLINE static Number next(Number x, Number all) {
        if constexpr (sums) return all + x;
        else if constexpr (R == Reduction::product) return all * x;
        else if constexpr (least) return ((x < all) | (x != x)) ? x : all;
        else return ((x > all) | (x != x)) ? x : all;
    }
    TAXON_INLINE static float result(double all, int count) {
        return static_cast<float>(R == Reduction::mean ? all / count : all);
    }
};

/// Numbers side by side, each put together with those that came to its lane before. Sums are of 64 floats, and those of
/// doubles, so that the error of a sum of n is below 72 · 2^-24 of the sum of magnitudes whatever n is. Products, which
/// leave the range of floats soon, are of doubles.
template <Reduction R, std::size_t Registers>
struct Lanes {
    static constexpr int count = static_cast<int>(Registers) * Wide::lanes, most = R == Reduction::product ? 1 : 64;
    typename Wide::type floats[Registers];
    double all[std::size_t{count}];
    int added = 0;
    bool has_all = false;

    TAXON_INLINE Lanes() { clear(); }
    TAXON_INLINE void clear() {
        TAXON_UNROLL for (std::size_t i = 0; i < Registers; ++i) floats[i] = Wide::set(Fold<R>::start);
        added = 0;
    }
    TAXON_INLINE void store(float* to) const {
        TAXON_UNROLL for (std::size_t i = 0; i < Registers; ++i)
            Wide::store(to + static_cast<int>(i) * Wide::lanes, floats[i]);
    }
    TAXON_INLINE void flush() {
        float now[std::size_t{count}];
        store(now), clear();
        for (int i = 0; i < count; ++i)
            all[i] = has_all ? Fold<R>::next(static_cast<double>(now[i]), all[i]) : static_cast<double>(now[i]);
        has_all = true;
    }
    TAXON_INLINE void add(const float* from) {
        TAXON_UNROLL for (std::size_t i = 0; i < Registers; ++i) floats[i] =
            Fold<R>::next(Wide::load(from + static_cast<int>(i) * Wide::lanes), floats[i]);
        if (++added == most) flush();
    }
    TAXON_INLINE void add_first(const float* from, int there) {
        TAXON_UNROLL for (std::size_t i = 0; i < Registers; ++i) {
            const int own = there - static_cast<int>(i) * Wide::lanes;
            if (own <= 0) continue;
            const auto x = Wide::load_first(from + static_cast<int>(i) * Wide::lanes,
                                            own < Wide::lanes ? own : Wide::lanes, Wide::set(Fold<R>::start));
            floats[i] = Fold<R>::next(x, floats[i]);
        }
        if (++added == most) flush();
    }
    /// A run of numbers that are all to be put together.
    TAXON_INLINE void add_run(const float* from, int size) {
        for (; size >= count; size -= count, from += count) add(from);
        if (size > 0) add_first(from, size);
    }
    /// Of all lanes.
    TAXON_INLINE double total() {
        if (!has_all) {
            auto v = floats[0];
            TAXON_UNROLL for (std::size_t i = 1; i < Registers; ++i) v = Fold<R>::next(floats[i], v);
            return static_cast<double>(fold_lanes<Wide>(
                v, [](auto x, auto y) __attribute__((always_inline)) { return Fold<R>::next(x, y); }));
        }
        if (added > 0) flush();
        double result = all[0];
        for (int i = 1; i < count; ++i) result = Fold<R>::next(all[i], result);
        return result;
    }
    /// Of each of the first lanes, of `of` numbers.
    TAXON_INLINE void write(float* to, int apart, int there, int of) {
        if (has_all && added > 0) flush();
        float now[std::size_t{count}];
        store(now);
        for (int i = 0; i < there; ++i)
            to[i * apart] = Fold<R>::result(has_all ? all[i] : static_cast<double>(now[i]), of);
    }
};

}  // namespace taxon::cpu::TAXON_ISA
