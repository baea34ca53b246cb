// Products of bytes and bfloat16 by FEAT_I8MM and FEAT_BF16 (Armv8.6: Cortex-A510, X2, Neoverse V1, Apple M2 and
// newer): sixteen products of an unsigned and a signed byte in one instruction, or eight of bfloat16.
namespace taxon::cpu::i8mm {

template <Element Weights>
struct Dot : neon::Dot<Weights> {};

template <>
struct Dot<Element::int8> {
    using Number = std::uint8_t;
    using Weight = std::int8_t;
    using Total = std::int32_t;
    using Sum = int32x4_t;
    using Column = int8x16_t;
    using Spread = uint8x16_t;
    using Inputs = uint8x16_t;
    static constexpr int fold = 4, groups = 4, column_registers = 1, inputs_registers = 1, spread_registers = 1;
    static constexpr bool exact = true;
    TAXON_INLINE static Sum load(const Total* p) { return vld1q_s32(p); }
    TAXON_INLINE static void store(Total* p, Sum v) { vst1q_s32(p, v); }
    TAXON_INLINE static Wide::type to_float(Sum v) { return Wide::to_float(v); }
    TAXON_INLINE static Column column(const Weight* p) { return vld1q_s8(p); }
    TAXON_INLINE static Spread broadcast(const Number* p) {
        std::uint32_t four;
        __builtin_memcpy(&four, p, sizeof four);
        return vreinterpretq_u8_u32(vdupq_n_u32(four));
    }
    TAXON_INLINE static Sum dot(Spread x, Column w, Sum sum) { return vusdotq_s32(sum, x, w); }
    TAXON_INLINE static Inputs inputs(const Number* p) { return vld1q_u8(p); }
    template <int Group>
    TAXON_INLINE static Sum dot(Inputs x, Column w, Sum sum) {
        return vsudotq_laneq_s32(sum, w, x, Group);
    }
};

template <>
struct Dot<Element::bfloat16> {
    using Number = bfloat16;
    using Weight = bfloat16;
    using Total = float;
    using Sum = float32x4_t;
    using Column = bfloat16x8_t;
    using Spread = bfloat16x8_t;
    using Inputs = bfloat16x8_t;
    static constexpr int fold = 2, groups = 4, column_registers = 1, inputs_registers = 1, spread_registers = 1;
    static constexpr bool exact = false;
    TAXON_INLINE static Sum load(const Total* p) { return vld1q_f32(p); }
    TAXON_INLINE static void store(Total* p, Sum v) { vst1q_f32(p, v); }
    TAXON_INLINE static Wide::type to_float(Sum v) { return v; }
    TAXON_INLINE static Column column(const Weight* p) { return eight(p); }
    TAXON_INLINE static Spread broadcast(const Number* p) {
        std::uint32_t both;
        __builtin_memcpy(&both, p, sizeof both);
        return vreinterpretq_bf16_u32(vdupq_n_u32(both));
    }
    TAXON_INLINE static Sum dot(Spread x, Column w, Sum sum) { return vbfdotq_f32(sum, w, x); }
    TAXON_INLINE static Inputs inputs(const Number* p) { return eight(p); }
    template <int Group>
    TAXON_INLINE static Sum dot(Inputs x, Column w, Sum sum) {
        return vbfdotq_laneq_f32(sum, w, x, Group);
    }

  private:
    TAXON_INLINE static bfloat16x8_t eight(const bfloat16* p) {
        return vreinterpretq_bf16_u16(vld1q_u16(reinterpret_cast<const std::uint16_t*>(p)));
    }
};

}  // namespace taxon::cpu::i8mm
