#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <taxon/core/printable.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

/// "1 picture", "2 pictures".
inline std::string plural(std::int64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

/// A line for work that was stopped; empty for work that is complete.
inline std::string stopped_text(std::size_t done, std::size_t total, std::string_view nouns) {
    return done == total ? std::string() : fmt::format("stopped after {} of {} {}\n", done, total, nouns);
}

/// A readable number of bytes: "812 B", "94.2 KiB", "9.7 MiB".
inline std::string readable_bytes(std::int64_t bytes) {
    if (bytes < 1024) return fmt::format("{} B", bytes);
    const char* units[] = {"KiB", "MiB", "GiB", "TiB"};
    double size = static_cast<double>(bytes) / 1024;
    int unit = 0;
    for (; size >= 1024 && unit < 3; ++unit) size /= 1024;
    return fmt::format("{:.1f} {}", size, units[unit]);
}

/// A readable time: "0 s", "48 s", "3 min 20 s", "2 h 05 min".
inline std::string readable_seconds(double seconds) {
    const auto whole = static_cast<std::int64_t>(seconds + 0.5);
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

/// The first characters of a text, printable, for a line of a table.
inline std::string shortened(const std::string& text) {
    constexpr std::size_t most = 100;
    if (text.size() <= most) return printable(text);
    std::size_t end = most;
    while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // inside a character
    return printable(text.substr(0, end)) + "…";
}

/// The first of some names from files, printable, with commas between.
inline std::string listed(const std::vector<std::string>& names) {
    constexpr std::size_t most = 10;
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), most); ++i) text += (i > 0 ? ", " : "") + printable(names[i]);
    return names.size() > most ? text + ", …" : text;
}

}  // namespace taxon::app
