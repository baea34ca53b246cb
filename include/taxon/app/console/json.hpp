#pragma once
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <taxon/app/console/output_file.hpp>
#include <taxon/core/printable.hpp>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace taxon::app {

using Json = nlohmann::ordered_json;

/// The text of a JSON file, fit for a screen as well: unprintable characters of names are escaped, and bytes that are
/// not UTF-8 become U+FFFD, since a strange file name must not spoil the whole result.
inline std::string json_text(const Json& json) {
    std::string text;
    const std::string spelt = json.dump(2, ' ', false, Json::error_handler_t::replace);
    for (std::size_t at = 0; at < spelt.size();) {
        const std::size_t start = at;
        const char32_t code = take_code_point(spelt, at);
        if (code == '\n' || !is_unprintable(code)) text.append(spelt, start, at - start);
        else if (code < 0x10000) text += fmt::format("\\u{:04x}", static_cast<unsigned>(code));
        else
            text += fmt::format("\\u{:04x}\\u{:04x}", 0xD800u + (static_cast<unsigned>(code - 0x10000) >> 10),
                                0xDC00u + (static_cast<unsigned>(code) & 0x3FFu));
    }
    return text + "\n";
}

inline void write_json(const std::filesystem::path& path, const Json& json) { write_file(path, json_text(json)); }

/// A discarded value if `text` is no JSON. One instance of the parser serves all: another kind of input would be another.
inline Json parse_json(std::string_view text) { return Json::parse(text, nullptr, false); }

/// Reads a JSON object written by an earlier run. Throws Fault::io, limit (over 1 GiB) or syntax.
inline Json read_json(const std::filesystem::path& path) {
    std::error_code failure;
    // checked first: opening a pipe would wait for its writer
    const bool regular = std::filesystem::is_regular_file(path, failure);
    const auto size = regular ? std::filesystem::file_size(path, failure) : 0;
    std::ifstream file;
    if (regular && !failure) file.open(path, std::ios::binary);
    if (!file.is_open())
        throw Error(
            Fault::io,
            {.file = path.string(), .found = "a file that cannot be read", .wanted = "the JSON of an earlier run"});
    if (size > 1024u << 20)
        throw Error(
            Fault::limit,
            {.file = path.string(), .found = std::to_string(size) + " bytes", .wanted = "at most 1 GiB of JSON"});
    std::string text(size, '\0');
    file.read(text.data(), static_cast<std::streamsize>(size));
    auto json = parse_json(text);
    if (!json.is_object())
        throw Error(Fault::syntax, {.file = path.string(), .wanted = "the JSON object of an earlier run"});
    return json;
}

/// A field of `json` as T (a string, an integer, a number). Throws Fault::type if it is absent or of another type.
template <class T>
T json_field(const Json& json, const std::string& name, const std::filesystem::path& path) {
    const auto at = json.find(name);
    bool fits = at != json.end();
    if constexpr (std::is_same_v<T, std::string>) fits = fits && at->is_string();
    else if constexpr (std::is_unsigned_v<T>) fits = fits && at->is_number_unsigned();
    else fits = fits && at->is_number();
    if (!fits)
        throw Error(Fault::type, {.file = path.string(),
                                  .place = "field \"" + name + "\"",
                                  .found = at == json.end() ? "nothing" : at->type_name(),
                                  .wanted = std::is_same_v<T, std::string> ? "a string"
                                            : std::is_unsigned_v<T>        ? "a whole number"
                                                                           : "a number"});
    return at->template get<T>();
}

}  // namespace taxon::app
