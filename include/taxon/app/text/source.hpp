#pragma once
#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <taxon/app/console/json.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/eval/glue.hpp>
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/mapped_file.hpp>
#include <taxon/io/utf8.hpp>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

namespace taxon::app {

using text::TextInput;

/// Options that select the text columns of a TSV.
struct ColumnOptions {
    std::string task;  ///< of GLUE, which determines the columns
    std::optional<std::string> text, pair;

    /// Throws Fault::usage for columns beside a task.
    eval::TextColumns columns() const {
        if (!task.empty() && (text || pair))
            throw Error(Fault::usage, {.place = "--task " + task,
                                       .found = "--text-column or --pair-column as well",
                                       .wanted = "one of both",
                                       .remedy = "the task knows its columns"});
        if (!task.empty()) return eval::glue_task(task).columns;
        return {text.value_or("sentence"), pair.value_or(""), ""};
    }
};

inline void add_column_options(CLI::App& verb, ColumnOptions& options) {
    verb.add_option("--text-column", options.text, "A TSV's column of texts")
        ->type_name("NAME")
        ->default_str("sentence");
    verb.add_option("--pair-column", options.pair, "A TSV's column of second texts. Default: there are none")
        ->type_name("NAME");
}

inline CLI::Option* add_task_option(CLI::App& verb, ColumnOptions& options, const std::string& meaning) {
    std::vector<std::string> names;
    for (const auto& task : eval::glue_tasks()) names.emplace_back(task.name);
    return verb.add_option("--task", options.task, meaning)->check(CLI::IsMember(names))->type_name("sst2|mrpc");
}

/// Options that name texts: one on the command line, a TSV, or a list in JSON.
struct TextSource {
    std::string table, input_json;
    std::optional<std::string> text, pair;
    ColumnOptions columns;
    std::optional<std::size_t> limit;

    int kinds() const { return (text ? 1 : 0) + (table.empty() ? 0 : 1) + (input_json.empty() ? 0 : 1); }

    /// Throws Fault::usage for options that contradict each other. `another_table`: true if the columns also apply to a
    /// TSV for calibration.
    void require_sense(bool another_table = false) const {
        if (pair && !text)
            throw Error(Fault::usage,
                        {.place = "--text-pair", .found = "no --text", .wanted = "both texts of the pair"});
        for (const auto& [option, words] : {std::pair{"--text", text}, std::pair{"--text-pair", pair}})
            if (words && !io::is_utf8(*words))
                throw Error(Fault::usage,
                            {.place = option, .found = "bytes that are not UTF-8", .wanted = "a text in UTF-8"});
        if (const auto known = columns.columns(); text && !pair && !columns.task.empty() && !known.pair.empty())
            throw Error(Fault::usage, {.place = "--task " + columns.task,
                                       .found = "one text",
                                       .wanted = "a pair",
                                       .remedy = "--text-pair gives the second"});
        if ((columns.text || columns.pair) && table.empty() && !another_table)
            throw Error(Fault::usage, {.place = columns.text ? "--text-column" : "--pair-column",
                                       .found = "no TSV",
                                       .wanted = "a TSV that has the column"});
    }
};

inline void add_text_source(CLI::App& verb, TextSource& source) {
    verb.add_option("table", source.table, "Texts in a column of a TSV, below a heading")->type_name("FILE.tsv");
    add_column_options(verb, source.columns);
    verb.add_option("--text", source.text, "Instead of a TSV: one text")->type_name("TEXT");
    verb.add_option("--text-pair", source.pair, "The second text of a pair")->type_name("TEXT");
    verb.add_option("--input-json", source.input_json, "Instead of a TSV: a list of [text] or [text, pair]")
        ->type_name("FILE");
    add_limit_option(verb, source.limit, "texts");
}

namespace detail {

/// A JSON list of [text] or [text, pair]. Throws Fault::io, limit (over 64 MiB), encoding, syntax, or type with the
/// position in the list.
inline std::vector<TextInput> texts_of_json(const std::filesystem::path& path) {
    const io::MappedFile file(path);
    const std::string_view text = io::as_text(file.bytes());
    if (text.size() > eval::most_text_bytes)
        throw Error(Fault::limit, {.file = path.string(),
                                   .found = std::to_string(text.size()) + " bytes",
                                   .wanted = "at most 64 MiB of JSON"});
    if (!io::is_utf8(text))
        throw Error(Fault::encoding,
                    {.file = path.string(), .found = "bytes that are not UTF-8", .wanted = "JSON in UTF-8"});
    Json json;
    try {
        json = Json::parse(text);
    } catch (const Json::parse_error& error) {
        throw Error(Fault::syntax, {.file = path.string(),
                                    .place = "byte " + std::to_string(error.byte),
                                    .found = "no JSON",
                                    .wanted = "a list of [text] or [text, pair]"});
    }
    if (!json.is_array())
        throw Error(Fault::type,
                    {.file = path.string(), .found = json.type_name(), .wanted = "a list of [text] or [text, pair]"});
    std::vector<TextInput> texts;
    for (const Json& entry : json) {
        const auto is_text = [](const Json& one) { return one.is_string(); };
        if (!entry.is_array() || entry.empty() || entry.size() > 2 || !std::all_of(entry.begin(), entry.end(), is_text))
            throw Error(Fault::type, {.file = path.string(),
                                      .place = "entry " + std::to_string(texts.size()),
                                      .found = entry.is_array() ? "a list of other things" : entry.type_name(),
                                      .wanted = "[text] or [text, pair]"});
        texts.push_back({entry[0].get<std::string>(),
                         entry.size() == 2 ? std::optional(entry[1].get<std::string>()) : std::nullopt});
    }
    return texts;
}

}  // namespace detail

/// The texts that the command line names, at least one. Throws as reading them does, and Fault::missing if there are
/// none.
inline std::vector<TextInput> text_inputs(const TextSource& source) {
    std::vector<TextInput> texts;
    if (source.text) texts.push_back({*source.text, source.pair});
    else if (!source.input_json.empty()) texts = detail::texts_of_json(source.input_json);
    else texts = eval::texts_of(eval::Tsv::read(source.table), source.columns.columns());
    if (texts.empty())
        throw Error(Fault::missing,
                    {.file = source.table + source.input_json, .found = "no texts", .wanted = "at least one"});
    if (source.limit) texts.resize(std::min(texts.size(), *source.limit));
    return texts;
}

}  // namespace taxon::app
