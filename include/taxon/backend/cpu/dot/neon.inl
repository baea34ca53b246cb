// Products of four outputs at once. An instruction multiplies a register with any lane of another one, so a pixel's
// numbers are loaded sixteen bytes at a time and used lane by lane (`Inputs`). Armv8.0 multiplies floats and 16-bit
// numbers: bytes are widened to these, halves and bfloat16 to floats. Halves need no form of their own: their
// accumulators are floats, and fcvtl widens them on every processor.
namespace taxon::cpu::neon {

/// Multiplies a pixel's numbers with weights of one type, `fold` inputs at once, and accumulates them for each output
/// of a column.
template <Element Weights>
struct Dot;

template <>
struct Dot<Element::float32> {
    using Number = float;
    using Weight = float;
    using Total = float;         ///< accumulator of one output
    using Sum = float32x4_t;     ///< accumulators of a column
    using Column = float32x4_t;  ///< the weights of Wide::lanes outputs
    using Spread = float32x4_t;  ///< one pixel's numbers, for all lanes
    using Inputs = float32x4_t;  ///< `groups` times `fold` of a pixel's numbers
    static constexpr int fold = 1, groups = 4;
    static constexpr bool exact = false;  ///< integer accumulators start at zero; others at the bias
    /// registers of Column, of Inputs for each pixel, and of a product's constants and temporaries
    static constexpr int column_registers = 1, inputs_registers = 1, spread_registers = 1;
    TAXON_INLINE static Sum load(const Total* p) { return vld1q_f32(p); }
    TAXON_INLINE static void store(Total* p, Sum v) { vst1q_f32(p, v); }
    TAXON_INLINE static Wide::type to_float(Sum v) { return v; }
    TAXON_INLINE static Column column(const Weight* p) { return Wide::load(p); }
    TAXON_INLINE static Spread broadcast(const Number* p) { return Wide::set(*p); }
    TAXON_INLINE static Sum dot(Spread x, Column w, Sum sum) { return vfmaq_f32(sum, w, x); }
    TAXON_INLINE static Inputs inputs(const Number* p) { return vld1q_f32(p); }
    template <int Group>
    TAXON_INLINE static Sum dot(Inputs x, Column w, Sum sum) {
        return vfmaq_laneq_f32(sum, w, x, Group);
    }
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
        float32x4_t even, odd;
    };
    using Column = Halves;
    using Spread = Halves;
    // two registers of inputs for each pixel are more than GCC 12 keeps out of memory
    static constexpr int groups = 0, inputs_registers = 0;
    static constexpr int fold = 2, column_registers = 2, spread_registers = 4;
    TAXON_INLINE static Column column(const Weight* p) { return split(vld1q_u16(bits(p))); }
    TAXON_INLINE static Spread broadcast(const Number* p) {
        std::uint32_t both;
        __builtin_memcpy(&both, p, sizeof both);
        return split(vreinterpretq_u16_u32(vdupq_n_u32(both)));
    }
    TAXON_INLINE static Sum dot(Spread x, Column w, Sum sum) {
        return vfmaq_f32(vfmaq_f32(sum, w.even, x.even), w.odd, x.odd);
    }

  private:
    TAXON_INLINE static const std::uint16_t* bits(const bfloat16* p) {
        return reinterpret_cast<const std::uint16_t*>(p);
    }
    TAXON_INLINE static Halves split(uint16x8_t v) {
        const uint16x8_t zero = vdupq_n_u16(0);
        return {vreinterpretq_f32_u16(vtrn1q_u16(zero, v)), vreinterpretq_f32_u16(vtrn2q_u16(zero, v))};
    }
};

/// Integer accumulators.
struct Integers {
    using Total = std::int32_t;
    using Sum = int32x4_t;
    static constexpr bool exact = true;
    TAXON_INLINE static Sum load(const Total* p) { return vld1q_s32(p); }
    TAXON_INLINE static void store(Total* p, Sum v) { vst1q_s32(p, v); }
    TAXON_INLINE static Wide::type to_float(Sum v) { return Wide::to_float(v); }
};

template <>
struct Dot<Element::int16> : Integers {
    using Number = std::int16_t;
    using Weight = std::int16_t;
    struct Halves {
        int16x4_t first, last;  ///< of inputs 0 and 1
    };
    using Column = Halves;
    using Spread = int16x8_t;
    using Inputs = int16x8_t;
    static constexpr int fold = 2, groups = 4, column_registers = 2, inputs_registers = 1, spread_registers = 4;
    TAXON_INLINE static Column column(const Weight* p) {
        const int16x4x2_t apart = vld2_s16(p);
        return {apart.val[0], apart.val[1]};
    }
    TAXON_INLINE static Spread broadcast(const Number* p) {
        std::int32_t both;
        __builtin_memcpy(&both, p, sizeof both);
        return vreinterpretq_s16_s32(vdupq_n_s32(both));
    }
    TAXON_INLINE static Sum dot(Spread x, Column w, Sum sum) { return dot<0>(x, w, sum); }
    TAXON_INLINE static Inputs inputs(const Number* p) { return vld1q_s16(p); }
    template <int Group>
    TAXON_INLINE static Sum dot(Inputs x, Column w, Sum sum) {
        return vmlal_laneq_s16(vmlal_laneq_s16(sum, w.first, x, 2 * Group), w.last, x, 2 * Group + 1);
    }
};

template <>
struct Dot<Element::int8> : Integers {
    using Number = std::uint8_t;
    using Weight = std::int8_t;
    struct Halves {
        int16x8_t first, last;  ///< of inputs 0 and 1, 2 and 3
    };
    using Column = Halves;
    using Spread = int16x8_t;
    using Inputs = int16x8_t;
    static constexpr int fold = 4, groups = 2, column_registers = 2, inputs_registers = 1, spread_registers = 2;
    TAXON_INLINE static Column column(const Weight* p) {
        const int8x16_t bytes = vld1q_s8(p);
        const int16x8_t low = vmovl_s8(vget_low_s8(bytes)), high = vmovl_high_s8(bytes);
        const int16x8_t even = vuzp1q_s16(low, high), odd = vuzp2q_s16(low, high);
        return {vuzp1q_s16(even, odd), vuzp2q_s16(even, odd)};
    }
    TAXON_INLINE static Spread broadcast(const Number* p) {
        std::uint32_t four;
        __builtin_memcpy(&four, p, sizeof four);
        return vreinterpretq_s16_u16(vmovl_u8(vreinterpret_u8_u32(vdup_n_u32(four))));
    }
    TAXON_INLINE static Sum dot(Spread x, Column w, Sum sum) { return dot<0>(x, w, sum); }
    TAXON_INLINE static Inputs inputs(const Number* p) { return vreinterpretq_s16_u16(vmovl_u8(vld1_u8(p))); }
    template <int Group>
    TAXON_INLINE static Sum dot(Inputs x, Column w, Sum sum) {
        return two<4 * Group + 2>(x, w.last, two<4 * Group>(x, w.first, sum));
    }

  private:
    /// sum + the weights of two inputs times lanes Lane and Lane + 1.
    template <int Lane>
    TAXON_INLINE static Sum two(int16x8_t x, int16x8_t w, Sum sum) {
        return vmlal_high_laneq_s16(vmlal_laneq_s16(sum, vget_low_s16(w), x, Lane), w, x, Lane + 1);
    }
};

}  // namespace taxon::cpu::neon
