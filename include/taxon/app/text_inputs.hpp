#pragma once
#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <taxon/app/json_file.hpp>
#include <taxon/app/tokenize_options.hpp>
#include <taxon/eval/tsv.hpp>
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/mapped_file.hpp>
#include <taxon/io/utf8.hpp>
#include <vector>

namespace taxon::app {

/// A text, and the second one where it is a pair.
struct TextInput {
    std::string text;
    std::optional<std::string> pair{};
};

namespace detail {

/// A JSON list of [text] or [text, pair]. Throws Fault::io, limit (over 64 MiB), encoding, syntax, or type with the place in the list.
inline std::vector<TextInput> texts_of_json(const std::filesystem::path& path) {
    const io::MappedFile file(path);
    const std::string_view text = io::as_text(file.bytes());
    if (text.size() > eval::most_text_bytes)
        throw Error(Fault::limit, {.file = path.string(), .found = std::to_string(text.size()) + " bytes", .wanted = "at most 64 MiB of JSON"});
    if (!io::is_utf8(text)) throw Error(Fault::encoding, {.file = path.string(), .found = "bytes that are not UTF-8", .wanted = "JSON in UTF-8"});
    Json json;
    try {
        json = Json::parse(text);
    } catch (const Json::parse_error& error) {
        throw Error(Fault::syntax, {.file = path.string(), .place = "byte " + std::to_string(error.byte), .found = "no JSON", .wanted = "a list of [text] or [text, pair]"});
    }
    if (!json.is_array()) throw Error(Fault::type, {.file = path.string(), .found = json.type_name(), .wanted = "a list of [text] or [text, pair]"});
    std::vector<TextInput> texts;
    for (const Json& entry : json) {
        const auto is_text = [](const Json& one) { return one.is_string(); };
        if (!entry.is_array() || entry.empty() || entry.size() > 2 || !std::all_of(entry.begin(), entry.end(), is_text))
            throw Error(Fault::type, {.file = path.string(), .place = "entry " + std::to_string(texts.size()),
                                    .found = entry.is_array() ? "a list of other things" : entry.type_name(), .wanted = "[text] or [text, pair]"});
        texts.push_back({entry[0].get<std::string>(), entry.size() == 2 ? std::optional(entry[1].get<std::string>()) : std::nullopt});
    }
    return texts;
}

inline std::vector<TextInput> texts_of_table(const TokenizeOptions& options) {
    const auto table = eval::Tsv::read(options.table);
    std::vector<TextInput> texts;
    for (auto& text : table.column(options.text_column)) texts.push_back({std::move(text)});
    if (options.pair_column.empty()) return texts;
    auto pairs = table.column(options.pair_column);
    for (std::size_t i = 0; i < texts.size(); ++i) texts[i].pair = std::move(pairs[i]);
    return texts;
}

}  // namespace detail

/// The texts that the command line names, at least one. Throws as reading them does, and Fault::missing if there are none.
inline std::vector<TextInput> text_inputs(const TokenizeOptions& options) {
    std::vector<TextInput> texts;
    if (options.text) texts.push_back({*options.text, options.pair});
    else texts = options.input_json.empty() ? detail::texts_of_table(options) : detail::texts_of_json(options.input_json);
    if (texts.empty()) throw Error(Fault::missing, {.file = options.table + options.input_json, .found = "no texts", .wanted = "at least one"});
    if (options.limit) texts.resize(std::min(texts.size(), *options.limit));
    return texts;
}

}  // namespace taxon::app
