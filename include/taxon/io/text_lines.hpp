#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <taxon/core/error.hpp>
#include <taxon/io/utf8.hpp>

namespace taxon::eval {

/// The size limits of a text file and of a line.
inline constexpr std::uintmax_t most_text_bytes = std::uintmax_t{64} << 20;
inline constexpr std::size_t most_line_bytes = std::size_t{64} << 10;

/// A line's name in errors, counted from one.
inline std::string line_place(std::size_t index) { return "line " + std::to_string(index + 1); }

/// The lines of a UTF-8 text without their terminators, LF or CR LF; the last line may lack one. A byte-order mark at
/// the start, also a doubly encoded one, is skipped. Quotes and all other characters, U+2028 among them, are text.
/// Throws Fault::io, ::limit (64 MiB per file, 64 KiB per line), ::encoding (malformed UTF-8, a NUL, UTF-16) with the
/// line.
inline std::vector<std::string> read_lines(const std::filesystem::path& path) {
    const auto refuse = [&](Fault fault, std::string_view place, std::string_view found, std::string_view wanted) {
        throw Error(fault, {.file = path.string(), .place = std::move(place), .found = found, .wanted = wanted});
    };
    std::error_code failure;
    if (!std::filesystem::is_regular_file(path, failure))
        refuse(Fault::io, "", failure ? failure.message() : "not a file", "a text file");
    const std::uintmax_t size = std::filesystem::file_size(path, failure);
    if (failure) refuse(Fault::io, "", failure.message(), "a readable file");
    if (size > most_text_bytes)
        refuse(Fault::limit, "", std::to_string(size) + " bytes",
               "a text of at most " + std::to_string(most_text_bytes) + " bytes");
    std::string text(static_cast<std::size_t>(size), '\0');
    std::ifstream file(path, std::ios::binary);
    if (!file.read(text.data(), static_cast<std::streamsize>(text.size())))
        refuse(Fault::io, "", "a file that cannot be read", "a readable file");

    std::string_view rest = text;
    for (const std::string_view mark : {"\xEF\xBB\xBF", "\xC3\xAF\xC2\xBB\xC2\xBF"})
        if (rest.substr(0, mark.size()) == mark) rest.remove_prefix(mark.size());
    std::vector<std::string> lines;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        const std::string place = line_place(lines.size());
        if (line.size() > most_line_bytes)
            refuse(Fault::limit, place, std::to_string(line.size()) + " bytes",
                   "at most " + std::to_string(most_line_bytes));
        if (line.find('\0') != line.npos) refuse(Fault::encoding, place, "a NUL character", "UTF-8 text");
        if (!io::is_utf8(line)) refuse(Fault::encoding, place, "bytes that are not UTF-8", "UTF-8 text");
        lines.emplace_back(line);
    }
    return lines;
}

}  // namespace taxon::eval
