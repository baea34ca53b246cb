#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace taxon::io {

/// True for well-formed UTF-8 (Unicode 15, table 3-7): no overlong forms, no surrogates, nothing above U+10FFFF.
constexpr bool is_utf8(std::string_view text) {
    const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const auto continues = [&](std::size_t i, std::uint8_t lowest = 0x80, std::uint8_t highest = 0xBF) {
        return i < text.size() && at(i) >= lowest && at(i) <= highest;
    };
    for (std::size_t i = 0; i < text.size();) {
        // most texts are ASCII: eight bytes at a time
        for (std::uint64_t eight = 0; !std::is_constant_evaluated() && i + 8 <= text.size(); i += 8) {
            std::memcpy(&eight, text.data() + i, 8);
            if ((eight & 0x8080808080808080u) != 0) break;
        }
        if (i == text.size()) break;
        const std::uint8_t lead = at(i);
        if (lead < 0x80) {
            i += 1;
        } else if (lead >= 0xC2 && lead <= 0xDF && continues(i + 1)) {
            i += 2;
        } else if (lead >= 0xE0 && lead <= 0xEF &&
                   continues(i + 1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF) && continues(i + 2)) {
            i += 3;
        } else if (lead >= 0xF0 && lead <= 0xF4 &&
                   continues(i + 1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF) && continues(i + 2) &&
                   continues(i + 3)) {
            i += 4;
        } else {
            return false;
        }
    }
    return true;
}

/// The text without a byte-order mark, plain or doubly encoded, at its start.
constexpr std::string_view without_mark(std::string_view text) {
    for (const std::string_view mark : {"\xEF\xBB\xBF", "\xC3\xAF\xC2\xBB\xC2\xBF"})
        if (text.starts_with(mark)) text.remove_prefix(mark.size());
    return text;
}

}  // namespace taxon::io
