#pragma once

// For programs under Windows: narrow strings are UTF-8 to the C++ library too, so that std::filesystem::path(argument)
// names what the user typed. libstdc++ asks the C library's mbrtowc for each character, whose "C" locale takes a byte
// for one, and msvcrt has no locale of UTF-8. To be linked with -Wl,--wrap=mbrtowc.
#if defined(_WIN32)
#include <cerrno>
#include <cstddef>
#include <cwchar>
#include <string_view>
#include <taxon/io/utf8.hpp>

/// ISO C's mbrtowc for UTF-8 and UTF-16. A character of two units takes two calls, of three bytes and of one; between
/// them the state is the second unit.
extern "C" std::size_t __wrap_mbrtowc(wchar_t* to, const char* from, std::size_t size, std::mbstate_t* state) {
    constexpr auto invalid = static_cast<std::size_t>(-1), unfinished = static_cast<std::size_t>(-2);
    if (from == nullptr) return 0;
    if (size == 0) return unfinished;
    const auto give = [&](unsigned unit) {
        if (to != nullptr) *to = static_cast<wchar_t>(unit);
    };
    if (state != nullptr && *state != 0) {
        give(static_cast<unsigned>(*state));
        *state = 0;
        return 1;
    }
    const auto first = static_cast<unsigned char>(*from);
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (length > size) return unfinished;
    if (!taxon::io::is_utf8({from, length})) {
        errno = EILSEQ;
        return invalid;
    }
    unsigned code = length == 1 ? first : first & (0xFFu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) code = code << 6 | (static_cast<unsigned char>(from[i]) & 0x3Fu);
    if (length < 4) {
        give(code);
        return code == 0 ? 0 : length;
    }
    give(0xD800u + ((code - 0x10000u) >> 10));
    if (state == nullptr) return length;
    *state = static_cast<std::mbstate_t>(0xDC00u + ((code - 0x10000u) & 0x3FFu));
    return 3;
}
#endif
