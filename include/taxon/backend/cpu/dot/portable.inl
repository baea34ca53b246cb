// Products of narrow numbers, four outputs at once, in the compilers' vector notation.
namespace taxon::cpu::portable {

/// Multiplies a pixel's numbers with weights of one type, `fold` inputs at once, and accumulates them for each output
/// of a column.
template <Element Weights>
struct Dot;

template <>
struct Dot<Element::float32> {
    using Number = float;
    using Weight = float;
    using Total = float;        ///< accumulator of one output
    using Sum = Wide::type;     ///< accumulators of a column
    using Column = Wide::type;  ///< the weights of Wide::lanes outputs
    using Spread = Wide::type;  ///< one pixel's numbers, for all lanes
    static constexpr int fold = 1;
    static constexpr bool exact = false;  ///< integer accumulators start at zero; others at the bias
    /// registers of Column, and of Spread with a product's temporaries
    static constexpr int column_registers = 1, spread_registers = 1;
    TAXON_INLINE static Sum load(const Total* p) { return Wide::load(p); }
    TAXON_INLINE static void store(Total* p, Sum v) { Wide::store(p, v); }
    TAXON_INLINE static Wide::type to_float(Sum v) { return v; }
    TAXON_INLINE static Column column(const Weight* p) { return Wide::load(p); }
    TAXON_INLINE static Spread broadcast(const Number* p) { return Wide::set(*p); }
    TAXON_INLINE static Sum dot(Spread x, Column w, Sum sum) { return Wide::fma(x, w, sum); }
};

template <>
struct Dot<Element::float16> : Dot<Element::float32> {
    using Weight = half;
    TAXON_INLINE static Column column(const Weight* p) { return Wide::load(p); }
};

template <>
struct Dot<Element::bfloat16> : Dot<Element::float32> {
    using Number = bfloat16;
    using Weight = bfloat16;
    struct Halves {
        Wide::type even, odd;
    };
    using Column = Halves;
    using Spread = Halves;
    static constexpr int fold = 2, column_registers = 2, spread_registers = 2;
    TAXON_INLINE static Column column(const Weight* p) {
        Wide::bits v;
        __builtin_memcpy(&v, p, sizeof v);
        return {reinterpret_cast<Wide::type>(v << 16), reinterpret_cast<Wide::type>(v & static_cast<int>(0xFFFF0000))};
    }
    TAXON_INLINE static Spread broadcast(const Number* p) {
        return {Wide::set(taxon::to_float(p[0])), Wide::set(taxon::to_float(p[1]))};
    }
    TAXON_INLINE static Sum dot(Spread x, Column w, Sum sum) {
        return Wide::fma(x.odd, w.odd, Wide::fma(x.even, w.even, sum));
    }
};

/// A column keeps its numbers folded; the product extracts them from their 32-bit lanes one by one.
template <class N, class W>
struct FoldedIntegers {
    using Number = N;
    using Weight = W;
    using Total = std::int32_t;
    using Sum = Wide::bits;
    using Column = Wide::bits;
    static constexpr int fold = 4 / static_cast<int>(sizeof(N)), column_registers = 1, spread_registers = 4;
    static constexpr bool exact = true;
    struct Spread {
        int numbers[static_cast<std::size_t>(fold)];
    };
    TAXON_INLINE static Sum load(const Total* p) {
        Sum v;
        __builtin_memcpy(&v, p, sizeof v);
        return v;
    }
    TAXON_INLINE static void store(Total* p, Sum v) { __builtin_memcpy(p, &v, sizeof v); }
    TAXON_INLINE static Wide::type to_float(Sum v) { return Wide::to_float(v); }
    TAXON_INLINE static Column column(const Weight* p) {
        Column v;
        __builtin_memcpy(&v, p, sizeof v);
        return v;
    }
    TAXON_INLINE static Spread broadcast(const Number* p) {
        Spread x;
        TAXON_UNROLL for (int i = 0; i < fold; ++i) x.numbers[i] = p[i];
        return x;
    }
    TAXON_INLINE static Sum dot(const Spread& x, Column w, Sum sum) {
        constexpr int width = 32 / fold;
        TAXON_UNROLL for (int i = 0; i < fold; ++i) sum +=
            ((w << (32 - width - i * width)) >> (32 - width)) * x.numbers[i];
        return sum;
    }
};
template <>
struct Dot<Element::int16> : FoldedIntegers<std::int16_t, std::int16_t> {};
template <>
struct Dot<Element::int8> : FoldedIntegers<std::uint8_t, std::int8_t> {};

}  // namespace taxon::cpu::portable
