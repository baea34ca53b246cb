#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include <taxon/core/code_point.hpp>

namespace taxon {

namespace detail {

struct CodeRange {
    char32_t first, last;
};
/// Beyond C0.
inline constexpr CodeRange unprintable_ranges[] = {
    {0x7F, 0x9F},     {0xAD, 0xAD},     {0x61C, 0x61C},   {0x180E, 0x180E}, {0x200B, 0x200B},  {0x200E, 0x200F},
    {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFD}, {0xE0000, 0xE0FFF}};

}  // namespace detail

/// True for characters that control a terminal, break a line, reorder adjacent text, or are invisible: C0, DEL and C1,
/// bidirectional controls, line separators, tags, and bytes that are not UTF-8. The two joiners are printable, because
/// some scripts need them.
constexpr bool is_unprintable(char32_t code) {
    if (code < 0x7F) return code < ' ';
    for (const auto& [first, last] : detail::unprintable_ranges)
        if (code >= first && code <= last) return true;
    return false;
}

namespace detail {

inline void append_printable(std::string& to, std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t start = at;
        // one by one, characters took a third of the time of refusing a bad file
        while (at < text.size() && text[at] >= ' ' && text[at] < '\x7F') ++at;
        to.append(text.substr(start, at - start));
        if (at == text.size()) return;
        const std::size_t other = at;
        const char32_t code = take_code_point(text, at);
        if (code == '\t' || code == '\n' || code == '\r') to.push_back(' ');
        else if (is_unprintable(code)) to.push_back('?');
        else to.append(text.substr(other, at - other));
    }
}

/// The nearest character boundary at or before byte `at`.
constexpr std::size_t character_end(std::string_view text, std::size_t at) {
    const auto continues = [&](std::size_t i) { return (static_cast<unsigned char>(text[i]) & 0xC0u) == 0x80u; };
    for (int step = 0; step < 3 && at > 0 && at < text.size() && continues(at); ++step) --at;
    return at;
}

}  // namespace detail

/// Makes untrusted text (a name in a file, a file's name, an argument) safe to print, as one line of UTF-8: tabs and
/// line breaks become spaces, other unprintable characters question marks. Of text longer than `most` bytes (at least
/// 6), the two ends are kept.
inline std::string printable(std::string_view text, std::size_t most = std::string_view::npos) {
    constexpr std::string_view gap = "…";
    std::string clean;
    if (text.size() <= most) {
        detail::append_printable(clean, text);
        return clean;
    }
    const std::size_t kept = (most - gap.size() - 3) / 2;  // 3: the last part's first character
    detail::append_printable(clean, text.substr(0, detail::character_end(text, kept)));
    clean += gap;
    detail::append_printable(clean, text.substr(detail::character_end(text, text.size() - kept)));
    return clean;
}

}  // namespace taxon
