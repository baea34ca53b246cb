#pragma once
#include <bit>
#include <cstdint>

namespace taxon {

/// An IEEE 754 binary16 number: 1 sign, 5 exponent and 10 fraction bits. Storage only; arithmetic is done in float.
struct half {
    std::uint16_t bits = 0;
    friend constexpr bool operator==(half, half) = default;  // bitwise: a NaN equals itself, +0 differs from -0
};

/// The upper 16 bits of an IEEE 754 binary32 number: 1 sign, 8 exponent and 7 fraction bits. Storage only.
struct bfloat16 {
    std::uint16_t bits = 0;
    friend constexpr bool operator==(bfloat16, bfloat16) = default;
};

/// Exact for every value, subnormals and infinities included; a NaN keeps its payload.
constexpr float to_float(half number) {
    const std::uint32_t sign = (number.bits & 0x8000u) << 16;
    const std::uint32_t magnitude = number.bits & 0x7fffu;
    const std::uint32_t normal = (magnitude << 13) + ((127u - 15u) << 23);
    // The fraction as an integer times 2^-24: no float subnormal takes part, so flush-to-zero modes cannot change it.
    const std::uint32_t subnormal =
        std::bit_cast<std::uint32_t>(static_cast<float>(static_cast<std::int32_t>(magnitude)) * 0x1p-24f);
    const std::uint32_t special = 0x7f800000u | (magnitude << 13);
    return std::bit_cast<float>(sign | (magnitude < 0x0400u ? subnormal : magnitude < 0x7c00u ? normal : special));
}

/// Rounds to nearest, ties to even; beyond 65519.99… it becomes infinite; a NaN becomes a quiet NaN.
constexpr half to_half(float number) {
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(number);
    const std::uint32_t sign = (bits >> 16) & 0x8000u;
    const std::uint32_t magnitude = bits & 0x7fffffffu;
    std::uint32_t rounded = 0;
    if (magnitude > 0x7f800000u) rounded = 0x7e00u | ((magnitude >> 13) & 0x03ffu);
    else if (magnitude >= 0x477ff000u) rounded = 0x7c00u;  // 65520, half-way between the largest half and 2^16
    else if (magnitude >= 0x38800000u)
        rounded = (magnitude + 0x0fffu + ((magnitude >> 13) & 1u) - ((127u - 15u) << 23)) >> 13;
    // next to 0.5, floats are 2^-24 apart
    else rounded = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + 0.5f) - 0x3f000000u;
    return {static_cast<std::uint16_t>(sign | rounded)};
}

constexpr float to_float(bfloat16 number) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(number.bits) << 16);
}

/// Rounds to nearest, ties to even; a NaN becomes a quiet NaN.
constexpr bfloat16 to_bfloat16(float number) {
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(number);
    if ((bits & 0x7fffffffu) > 0x7f800000u) return {static_cast<std::uint16_t>((bits >> 16) | 0x0040u)};
    return {static_cast<std::uint16_t>((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16)};
}

}  // namespace taxon
