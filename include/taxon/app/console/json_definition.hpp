#pragma once
#include <taxon/app/console/json.hpp>
#include <taxon/app/console/output_file.hpp>
#include <taxon/core/printable.hpp>
#include <taxon/io/json_file.hpp>

#include <fmt/core.h>

/// Definitions for json_builder.hpp and json.hpp, compiled once for all kinds of programs.
namespace taxon::app {

Json JsonBuilder::read(std::string_view text, std::string_view place, io::JsonRoot root, const Limits& limits) {
    JsonBuilder builder(text, limits);
    io::JsonReader<JsonBuilder>::read(text, limits.json_depth, place, builder, root);
    return std::move(builder.values_.front());
}

std::string json_text(const Json& json) {
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

void write_json(const std::filesystem::path& path, const Json& json) { write_file(path, json_text(json)); }

Json read_json(const std::filesystem::path& path, const Limits& limits) {
    return io::read_json_file(path, limits.result_bytes, [&](std::string_view text) {
        return JsonBuilder::read(text, "JSON", io::JsonRoot::object, limits);
    });
}

}  // namespace taxon::app
