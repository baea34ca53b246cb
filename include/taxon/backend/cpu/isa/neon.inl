// Vectors of four floats, fused multiply-add, thirty-two registers: every Armv8 processor of 64 bits.
namespace taxon::cpu::neon {

inline constexpr int registers = 32;

struct Wide {
    using type = float32x4_t;
    static constexpr int lanes = 4;
    TAXON_INLINE static type load(const float* p) { return vld1q_f32(p); }
    TAXON_INLINE static type load(const half* p) {
        return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(reinterpret_cast<const std::uint16_t*>(p))));
    }
    TAXON_INLINE static type load(const bfloat16* p) {
        return vreinterpretq_f32_u32(vshll_n_u16(vld1_u16(reinterpret_cast<const std::uint16_t*>(p)), 16));
    }
    TAXON_INLINE static type load(const std::int16_t* p) { return to_float(vmovl_s16(vld1_s16(p))); }
    TAXON_INLINE static type load(const std::uint8_t* p) {
        return vcvtq_f32_u32(vmovl_u16(vget_low_u16(vmovl_u8(four_bytes(p)))));
    }
    TAXON_INLINE static type load(const std::int8_t* p) {
        return to_float(vmovl_s16(vget_low_s16(vmovl_s8(vreinterpret_s8_u8(four_bytes(p))))));
    }
    TAXON_INLINE static void store(float* p, type v) { vst1q_f32(p, v); }
    TAXON_INLINE static void store(half* p, type v) {
        vst1_u16(reinterpret_cast<std::uint16_t*>(p), vreinterpret_u16_f16(vcvt_f16_f32(v)));
    }
    /// Like AVX-512's own instruction: to nearest, ties to even, flushing below 2^-126 to zero. NaN becomes quiet, with
    /// a fraction that rounding cannot carry out of.
    TAXON_INLINE static void store(bfloat16* p, type v) {
        const uint32x4_t bits = vreinterpretq_u32_f32(vbslq_f32(vceqq_f32(v, v), v, set(__builtin_nanf("")))),
                         odd = vandq_u32(vshrq_n_u32(bits, 16), vdupq_n_u32(1)),
                         rounded = vaddq_u32(bits, vaddq_u32(odd, vdupq_n_u32(0x7fff))),
                         normal = vtstq_u32(bits, vdupq_n_u32(0x7f800000)),
                         sign = vandq_u32(bits, vdupq_n_u32(0x80000000));
        vst1_u16(reinterpret_cast<std::uint16_t*>(p), vshrn_n_u32(vbslq_u32(normal, rounded, sign), 16));
    }
    /// Integers: rounded to nearest, ties to even, and clamped to their range, which is ±4095 for 16 bits. NaN becomes
    /// the least of them.
    TAXON_INLINE static void store(std::int16_t* p, type v) {
        vst1_s16(p, vmovn_s32(vcvtnq_s32_f32(min(vmaxnmq_f32(v, set(-4095)), set(4095)))));
    }
    TAXON_INLINE static void store(std::uint8_t* p, type v) {
        const uint16x4_t words = vqmovn_u32(vcvtnq_u32_f32(v));  // saturates by itself; NaN is 0
        const auto bytes = vreinterpret_u32_u8(vqmovn_u16(vcombine_u16(words, words)));
        const std::uint32_t four = vget_lane_u32(bytes, 0);
        __builtin_memcpy(p, &four, sizeof four);
    }
    /// The first `count` numbers, and `others` after them; nothing else is touched.
    TAXON_INLINE static type load_first(const float* p, int count, type others) {
        if (count > 0) others = vld1q_lane_f32(p, others, 0);
        if (count > 1) others = vld1q_lane_f32(p + 1, others, 1);
        if (count > 2) others = vld1q_lane_f32(p + 2, others, 2);
        if (count > 3) others = vld1q_lane_f32(p + 3, others, 3);
        return others;
    }
    TAXON_INLINE static void store_first(float* p, type v, int count) {
        if (count > 0) vst1q_lane_f32(p, v, 0);
        if (count > 1) vst1q_lane_f32(p + 1, v, 1);
        if (count > 2) vst1q_lane_f32(p + 2, v, 2);
        if (count > 3) vst1q_lane_f32(p + 3, v, 3);
    }
    TAXON_INLINE static type to_float(int32x4_t v) { return vcvtq_f32_s32(v); }
    TAXON_INLINE static type square_root(type v) { return vsqrtq_f32(v); }
    TAXON_INLINE static type set(float x) { return vdupq_n_f32(x); }
    TAXON_INLINE static type fma(type a, type b, type c) { return vfmaq_f32(c, a, b); }
    /// The greater and the smaller number; NaN if either is.
    TAXON_INLINE static type max(type a, type b) { return vmaxq_f32(a, b); }
    TAXON_INLINE static type max_or_nan(type a, type b) { return vmaxq_f32(a, b); }
    TAXON_INLINE static type min(type a, type b) { return vminq_f32(a, b); }
    TAXON_INLINE static type scale_by_power_of_two(type x, type n) {
        return x * vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(vcvtnq_s32_f32(n), vdupq_n_s32(127)), 23));
    }

  private:
    TAXON_INLINE static uint8x8_t four_bytes(const void* p) {
        std::uint32_t bits;
        __builtin_memcpy(&bits, p, sizeof bits);
        return vreinterpret_u8_u32(vdup_n_u32(bits));
    }
};
using Narrow = Wide;

/// Panels are whole vectors here: there is no channel tail.
struct Pair {
    using type = Wide::type;
};

}  // namespace taxon::cpu::neon
