#pragma once
#include <bit>
#include <concepts>
#include <cstdint>

namespace taxon {

/// A real number that can be a template argument, where clang 14 takes no float: `LeakyReLU<0.1>`.
struct Real {
    std::uint64_t bits = 0;  ///< of the double

    constexpr Real() = default;
    template <class Number>
    requires std::integral<Number> || std::floating_point<Number>
    constexpr Real(Number number) : bits(std::bit_cast<std::uint64_t>(static_cast<double>(number))) {}

    constexpr operator double() const { return std::bit_cast<double>(bits); }
    constexpr bool operator==(const Real&) const = default;
};

}  // namespace taxon
