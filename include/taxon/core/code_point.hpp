#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace taxon {

/// The replacement for bytes that are not UTF-8.
inline constexpr char32_t replacement = 0xFFFD;

/// Decodes the character at byte `at` (which must be within the text) and advances `at` past it. Malformed bytes are
/// never an error: the longest valid prefix of a character, or else one byte, decodes to U+FFFD (Unicode 15, table
/// 3-8), as in Python's decode("utf-8", "replace").
constexpr char32_t take_code_point(std::string_view text, std::size_t& at) {
    const auto lead = static_cast<unsigned char>(text[at++]);
    if (lead < 0x80) return lead;
    if (lead < 0xC2 || lead > 0xF4) return replacement;
    const int more = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    // Only the second byte's range depends on the first: no overlong forms, no surrogates, nothing above U+10FFFF.
    unsigned lowest = lead == 0xE0   ? 0xA0u
                      : lead == 0xF0 ? 0x90u
                                     : 0x80u,
             highest = lead == 0xED   ? 0x9Fu
                       : lead == 0xF4 ? 0x8Fu
                                      : 0xBFu;
    char32_t code = lead & (0x3Fu >> more);
    for (int i = 0; i < more; ++i) {
        const unsigned next = at < text.size() ? static_cast<unsigned char>(text[at]) : 0u;
        if (next < lowest || next > highest) return replacement;
        code = code << 6 | (next & 0x3Fu);
        lowest = 0x80, highest = 0xBF;
        ++at;
    }
    return code;
}

/// Appends the UTF-8 encoding of a code point, which must be valid (at most U+10FFFF, no surrogate).
inline void append_code_point(std::string& text, char32_t code) {
    const auto tail = [&](int shift) { text.push_back(static_cast<char>(0x80u | ((code >> shift) & 0x3Fu))); };
    if (code < 0x80) text.push_back(static_cast<char>(code));
    else if (code < 0x800) text.push_back(static_cast<char>(0xC0u | (code >> 6))), tail(0);
    else if (code < 0x10000) text.push_back(static_cast<char>(0xE0u | (code >> 12))), tail(6), tail(0);
    else text.push_back(static_cast<char>(0xF0u | (code >> 18))), tail(12), tail(6), tail(0);
}

}  // namespace taxon
