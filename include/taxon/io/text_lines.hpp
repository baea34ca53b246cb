#pragma once
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>
#include <taxon/io/utf8.hpp>

namespace taxon::io {

/// A line's name in errors, counted from one.
inline std::string line_place(std::size_t index) { return "line " + std::to_string(index + 1); }

/// Passes the lines of a text to see(index, line), without their terminators, LF or CR LF; the last line may lack one,
/// and blank lines at the end do not count. Quotes and all other characters, U+2028 among them, are text. Nothing is
/// kept. Throws Fault::limit for a longer line than limits.line_bytes, and ::encoding (malformed UTF-8, a NUL, UTF-16),
/// with the line.
template <class See>
void for_each_line(std::string_view text, See&& see, const Limits& limits = {}) {
    text = without_mark(text);
    while (text.ends_with('\n')) text.remove_suffix(text.ends_with("\r\n") ? 2 : 1);
    for (std::size_t index = 0; !text.empty(); ++index) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        const auto refuse = [&](Fault fault, std::string_view found, std::string_view wanted) {
            throw Error(fault, {.place = line_place(index),
                                .found = found,
                                .wanted = wanted,
                                .remedy = fault == Fault::encoding ? "save it as UTF-8" : "shorten the line"});
        };
        if (line.size() > limits.line_bytes)
            refuse(Fault::limit, std::to_string(line.size()) + " bytes",
                   "at most " + std::to_string(limits.line_bytes));
        if (line.find('\0') != line.npos) refuse(Fault::encoding, "a NUL character", "UTF-8 text");
        if (!is_utf8(line)) refuse(Fault::encoding, "bytes that are not UTF-8", "UTF-8 text");
        see(index, line);
    }
}

/// The bytes of a text file. Throws Fault::io, and ::limit beyond limits.text_bytes.
inline std::string read_text(const std::filesystem::path& path, const Limits& limits = {}) {
    const auto refuse = [&](Fault fault, std::string_view found, std::string_view wanted) {
        throw Error(fault, {.file = path.string(), .found = found, .wanted = wanted, .remedy = "check the path"});
    };
    std::error_code failure;
    if (!std::filesystem::is_regular_file(path, failure))
        refuse(Fault::io, failure ? failure.message() : "not a file", "a text file");
    const std::uintmax_t size = std::filesystem::file_size(path, failure);
    if (failure) refuse(Fault::io, failure.message(), "a readable file");
    if (size > limits.text_bytes)
        refuse(Fault::limit, std::to_string(size) + " bytes",
               "a text of at most " + std::to_string(limits.text_bytes) + " bytes");
    std::string text(static_cast<std::size_t>(size), '\0');
    std::ifstream file(path, std::ios::binary);
    if (!file.read(text.data(), static_cast<std::streamsize>(text.size())))
        refuse(Fault::io, "a file that cannot be read", "a readable file");
    return text;
}

/// Passes the lines of a UTF-8 file to see(index, line). Throws as `read_text` and `for_each_line` do, and what `see`
/// throws, naming the file.
template <class See>
void for_each_line_of(const std::filesystem::path& path, See&& see, const Limits& limits = {}) {
    const std::string text = read_text(path, limits);
    try {
        for_each_line(text, see, limits);
    } catch (const Error& error) { throw error.in_file(path.string()); }
}

}  // namespace taxon::io
