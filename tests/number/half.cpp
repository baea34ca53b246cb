#include <taxon/number/half.hpp>

#include <cmath>
#include <limits>

#include "catch.hpp"

using namespace taxon;

namespace {

/// The value by its definition in IEEE 754, exact in double.
double value_of(std::uint16_t bits) {
    const int exponent = bits >> 10 & 31, fraction = bits & 1023;
    const double magnitude = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
    return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

}  // namespace

TEST_CASE("to_float of a half is exact for all 65,536") {
    for (unsigned bits = 0; bits < 0x10000; ++bits) {
        const half number{static_cast<std::uint16_t>(bits)};
        const float widened = to_float(number);
        if ((bits & 0x7C00) != 0x7C00) REQUIRE(static_cast<double>(widened) == value_of(number.bits));
        else if ((bits & 0x3FF) == 0)
            REQUIRE(widened == ((bits & 0x8000) != 0 ? -1 : 1) * std::numeric_limits<float>::infinity());
        else REQUIRE(std::isnan(widened));
        REQUIRE(std::signbit(widened) == ((bits & 0x8000) != 0));
        if (!std::isnan(widened)) REQUIRE(to_half(widened) == number);
    }
}

TEST_CASE("to_half rounds to nearest and ties to even") {
    // Between each two neighbours: just below the middle, the middle, just above it.
    for (unsigned bits = 0; bits < 0x7BFF; ++bits) {
        const half low{static_cast<std::uint16_t>(bits)}, high{static_cast<std::uint16_t>(bits + 1)};
        const float middle = static_cast<float>((value_of(low.bits) + value_of(high.bits)) / 2);
        REQUIRE(to_half(std::nextafter(middle, 0.0f)) == low);
        REQUIRE(to_half(std::nextafter(middle, 1e9f)) == high);
        REQUIRE(to_half(middle) == (bits % 2 == 0 ? low : high));
        REQUIRE(to_half(-middle).bits == (to_half(middle).bits | 0x8000));
    }
    CHECK(to_half(65519.996f).bits == 0x7BFF);
    CHECK(to_half(65520.0f).bits == 0x7C00);
    CHECK(to_half(-std::numeric_limits<float>::infinity()).bits == 0xFC00);
    CHECK(to_half(std::numeric_limits<float>::max()).bits == 0x7C00);
    CHECK(to_half(std::numeric_limits<float>::denorm_min()).bits == 0);
    CHECK(std::isnan(to_float(to_half(std::numeric_limits<float>::quiet_NaN()))));
    STATIC_REQUIRE(to_half(1.0f).bits == 0x3C00);
    STATIC_REQUIRE(to_float(half{0x0001}) == 0x1p-24f);
}

TEST_CASE("to_bfloat16 rounds to nearest and ties to even") {
    for (unsigned bits = 0; bits < 0x7F7F; ++bits) {
        const bfloat16 low{static_cast<std::uint16_t>(bits)}, high{static_cast<std::uint16_t>(bits + 1)};
        const float middle = std::bit_cast<float>(bits << 16 | 0x8000u);
        REQUIRE(to_bfloat16(to_float(low)) == low);
        REQUIRE(to_bfloat16(std::bit_cast<float>(bits << 16 | 0x7FFFu)) == low);
        REQUIRE(to_bfloat16(std::bit_cast<float>(bits << 16 | 0x8001u)) == high);
        REQUIRE(to_bfloat16(middle) == (bits % 2 == 0 ? low : high));
    }
    CHECK(to_bfloat16(std::numeric_limits<float>::max()).bits == 0x7F80);
    CHECK(to_bfloat16(-0.0f).bits == 0x8000);
    CHECK(std::isnan(to_float(to_bfloat16(std::bit_cast<float>(0x7F800001u)))));
}
