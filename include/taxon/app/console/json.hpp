#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <taxon/app/console/json_builder.hpp>
#include <taxon/app/console/output_file.hpp>
#include <taxon/core/printable.hpp>
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/mapped_file.hpp>
#include <type_traits>

#include <fmt/core.h>

namespace taxon::app {

/// The text of a JSON file, fit for a screen as well: unprintable characters of names are escaped, and bytes that are
/// not UTF-8 become U+FFFD, since a strange file name must not spoil the whole result.
std::string json_text(const Json& json);

void write_json(const std::filesystem::path& path, const Json& json);

/// Reads a JSON object written by an earlier run. Throws Fault::io, ::truncated (empty), ::limit (over 1 GiB), and as
/// JsonBuilder does, naming the file.
Json read_json(const std::filesystem::path& path, const Limits& limits = {});

/// A field of `json` as T (a string, a truth value, an integer, a number). Throws Fault::type if it is absent or of
/// another type.
template <class T>
T json_field(const Json& json, const std::string& name, const std::filesystem::path& path) {
    const auto at = json.find(name);
    bool fits = at != json.end();
    if constexpr (std::is_same_v<T, std::string>) fits = fits && at->is_string();
    else if constexpr (std::is_same_v<T, bool>) fits = fits && at->is_boolean();
    else if constexpr (std::is_unsigned_v<T>) fits = fits && at->is_number_unsigned();
    else fits = fits && at->is_number();
    if (!fits)
        throw Error(Fault::type, {.file = path.string(),
                                  .place = "field \"" + name + "\"",
                                  .found = at == json.end() ? "nothing" : at->type_name(),
                                  .wanted = std::is_same_v<T, std::string> ? "a string"
                                            : std::is_same_v<T, bool>      ? "true or false"
                                            : std::is_unsigned_v<T>        ? "a whole number"
                                                                           : "a number"});
    return at->template get<T>();
}

}  // namespace taxon::app
