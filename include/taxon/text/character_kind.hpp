#pragma once
#include <array>
#include <utility>

#include <taxon/core/code_point.hpp>

#include <utf8proc.h>

namespace taxon::text {

/// Classes of characters in BERT's basic tokenization: part of a word, end of a word, a word of its own, or ignored.
enum class CharacterKind : unsigned char {
    letter,       ///< everything else: digits, marks, currency, emoji too
    space,        ///< ends a word
    punctuation,  ///< a word of its own
    ideograph,    ///< a Chinese character: a word of its own
    removed       ///< controls, formats, private use, NUL and U+FFFD: ignored, even inside a word
};

namespace detail {

constexpr CharacterKind kind_of_ascii(unsigned code) {
    if (code == ' ' || code == '\t' || code == '\n' || code == '\r') return CharacterKind::space;
    if (code < ' ' || code == 0x7F) return CharacterKind::removed;
    const bool alphanumeric =
        (code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z');
    // includes $, +, <, =, >, ^, `, | and ~, which Unicode classifies as symbols
    return alphanumeric ? CharacterKind::letter : CharacterKind::punctuation;
}

inline constexpr auto ascii_kinds = [] {
    std::array<CharacterKind, 128> kinds{};
    for (unsigned code = 0; code < kinds.size(); ++code) kinds[code] = kind_of_ascii(code);
    return kinds;
}();

/// The blocks of CJK ideographs; kana and hangul are letters.
constexpr bool is_ideograph(char32_t code) {
    constexpr std::pair<char32_t, char32_t> blocks[] = {{0x4E00, 0x9FFF},   {0x3400, 0x4DBF},   {0x20000, 0x2A6DF},
                                                        {0x2A700, 0x2B73F}, {0x2B740, 0x2B81F}, {0x2B820, 0x2CEAF},
                                                        {0xF900, 0xFAFF},   {0x2F800, 0x2FA1F}};
    for (const auto& [first, last] : blocks)
        if (code >= first && code <= last) return true;
    return false;
}

}  // namespace detail

/// General categories come from the installed utf8proc (2.8 implements Unicode 15.0).
inline CharacterKind kind_of(char32_t code) {
    if (code < 0x80) return detail::ascii_kinds[code];
    if (code == replacement) return CharacterKind::removed;
    if (detail::is_ideograph(code)) return CharacterKind::ideograph;
    switch (utf8proc_category(static_cast<utf8proc_int32_t>(code))) {
        case UTF8PROC_CATEGORY_ZS:
        case UTF8PROC_CATEGORY_ZL:
        case UTF8PROC_CATEGORY_ZP: return CharacterKind::space;
        case UTF8PROC_CATEGORY_CC:
        case UTF8PROC_CATEGORY_CF:
        case UTF8PROC_CATEGORY_CO: return CharacterKind::removed;
        case UTF8PROC_CATEGORY_PC:
        case UTF8PROC_CATEGORY_PD:
        case UTF8PROC_CATEGORY_PS:
        case UTF8PROC_CATEGORY_PE:
        case UTF8PROC_CATEGORY_PI:
        case UTF8PROC_CATEGORY_PF:
        case UTF8PROC_CATEGORY_PO: return CharacterKind::punctuation;
        default: return CharacterKind::letter;
    }
}

/// True for a character that regular expressions count as part of a word (\w): letters, marks, digits, underscores,
/// joiners.
inline bool is_of_word(char32_t code) {
    switch (utf8proc_category(static_cast<utf8proc_int32_t>(code))) {
        case UTF8PROC_CATEGORY_LU:
        case UTF8PROC_CATEGORY_LL:
        case UTF8PROC_CATEGORY_LT:
        case UTF8PROC_CATEGORY_LM:
        case UTF8PROC_CATEGORY_LO:
        case UTF8PROC_CATEGORY_MN:
        case UTF8PROC_CATEGORY_MC:
        case UTF8PROC_CATEGORY_ME:
        case UTF8PROC_CATEGORY_ND:
        case UTF8PROC_CATEGORY_NL:
        case UTF8PROC_CATEGORY_PC: return true;
        default: return code == 0x200C || code == 0x200D;
    }
}

}  // namespace taxon::text
