// Products of bytes by FEAT_DotProd (Armv8.2: Cortex-A55, A76, Neoverse N1, Apple A13 and newer): sixteen in one
// instruction, of signed numbers. Values are unsigned, so 128 is taken from each, and sums start at 128 times the sum
// of their weights.
namespace taxon::cpu::dotprod {

template <Element Weights>
struct Dot : neon::Dot<Weights> {};

template <>
struct Dot<Element::int8> {
    using Number = std::uint8_t;
    using Weight = std::int8_t;
    using Total = std::int32_t;
    using Sum = int32x4_t;
    using Column = int8x16_t;
    using Spread = int8x16_t;
    using Inputs = int8x16_t;
    static constexpr int fold = 4, groups = 4, column_registers = 1, inputs_registers = 1, spread_registers = 2;
    static constexpr int shift = 128;  ///< what is taken from every value
    static constexpr bool exact = true;
    TAXON_INLINE static Sum load(const Total* p) { return vld1q_s32(p); }
    TAXON_INLINE static void store(Total* p, Sum v) { vst1q_s32(p, v); }
    TAXON_INLINE static Wide::type to_float(Sum v) { return Wide::to_float(v); }
    TAXON_INLINE static Column column(const Weight* p) { return vld1q_s8(p); }
    TAXON_INLINE static Spread broadcast(const Number* p) {
        std::uint32_t four;
        __builtin_memcpy(&four, p, sizeof four);
        return shifted(vreinterpretq_u8_u32(vdupq_n_u32(four)));
    }
    TAXON_INLINE static Sum dot(Spread x, Column w, Sum sum) { return vdotq_s32(sum, w, x); }
    TAXON_INLINE static Inputs inputs(const Number* p) { return shifted(vld1q_u8(p)); }
    template <int Group>
    TAXON_INLINE static Sum dot(Inputs x, Column w, Sum sum) {
        return vdotq_laneq_s32(sum, w, x, Group);
    }
    /// sum + shift · the weights of each output.
    TAXON_INLINE static Sum add_shift(Column w, Sum sum) {
        // 128 is no signed byte
        return vdotq_s32(vdotq_s32(sum, w, vdupq_n_s8(shift / 2)), w, vdupq_n_s8(shift / 2));
    }

  private:
    TAXON_INLINE static int8x16_t shifted(uint8x16_t v) { return vreinterpretq_s8_u8(veorq_u8(v, vdupq_n_u8(shift))); }
};

}  // namespace taxon::cpu::dotprod
