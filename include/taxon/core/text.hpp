#pragma once
#include <algorithm>
#include <cstddef>
#include <string_view>

namespace taxon {

/// A string that can be a template argument: `Named<"features", …>`.
template <std::size_t Size>
struct FixedString {
    char text[Size]{};
    constexpr FixedString() = default;
    constexpr FixedString(const char (&literal)[Size]) { std::copy_n(literal, Size, text); }
    constexpr std::string_view view() const { return {text, Size - 1}; }
    constexpr bool empty() const { return Size == 1; }
};

/// A bounded string that constant expressions can write: layer paths, error messages. Longer text is truncated.
template <std::size_t Capacity>
struct Text {
    char characters[Capacity]{};
    int size = 0;

    constexpr std::string_view view() const { return {characters, static_cast<std::size_t>(size)}; }
    constexpr Text& operator<<(std::string_view more) {
        for (const char c : more)
            if (static_cast<std::size_t>(size) < Capacity) characters[size++] = c;
        return *this;
    }
    constexpr Text& operator<<(int number) {
        if (number < 0) {
            *this << "-";
            number = -number;
        }
        if (number >= 10) *this << number / 10;
        const char digit = static_cast<char>('0' + number % 10);
        return *this << std::string_view(&digit, 1);
    }
};

}  // namespace taxon
