#pragma once
#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <taxon/app/model/options.hpp>
#include <taxon/eval/glue.hpp>
#include <taxon/io/json_file.hpp>
#include <taxon/io/json_reader.hpp>
#include <taxon/io/text_lines.hpp>
#include <taxon/io/utf8.hpp>
#include <taxon/app/shard/digest.hpp>
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
    verb.add_option("--pair-column", options.pair, "A TSV's column of second texts. Default: none")->type_name("NAME");
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
    verb.add_option("table", source.table, "Texts in a column of a TSV with a header line")->type_name("FILE.tsv");
    add_column_options(verb, source.columns);
    verb.add_option("--text", source.text, "Instead of a TSV: one text")->type_name("TEXT");
    verb.add_option("--text-pair", source.pair, "The second text of a pair")->type_name("TEXT");
    verb.add_option("--input-json", source.input_json, "Instead of a TSV: a list of [text] or [text, pair]")
        ->type_name("FILE");
    add_limit_option(verb, source.limit, "texts");
}

inline void add_text(Digest& digest, const TextInput& input) {
    digest.add(input.text);
    digest.add(input.pair ? "pair" : "");
    if (input.pair) digest.add(*input.pair);
}

namespace detail {

/// JSON handler: a list of [text] or [text, pair]. Checks and counts them, and keeps them if there is where.
class TextListParser {
  public:
    explicit TextListParser(std::vector<TextInput>* texts) : texts_(texts) {}

    std::size_t count() const { return count_; }

    void start_array() {
        if (++depth_ > 2) refuse("a list of lists");
        size_ = 0;
    }
    void end_array() {
        if (--depth_ == 1 && size_ == 0) refuse("an empty list");
        size_ = 0;
    }
    void string(std::string_view text) {
        if (depth_ == 1) refuse("a text alone");
        if (++size_ > 2) refuse("more than two texts");
        if (size_ == 1) ++count_;
        if (texts_ == nullptr) return;
        if (size_ == 1) texts_->push_back({std::string(text)});
        else texts_->back().pair = text;
    }
    void start_object() { refuse("an object"); }
    void end_object() {}
    void key(std::string_view) {}
    void integer(std::uint64_t) { refuse("a number"); }
    void other(std::string_view spelt) { refuse(std::string(spelt)); }

  private:
    [[noreturn]] void refuse(std::string found) const {
        throw Error(Fault::type, {.place = "entry " + std::to_string(count_ - (size_ > 0 ? 1 : 0)),
                                  .found = std::move(found),
                                  .wanted = "[text] or [text, pair]"});
    }

    std::vector<TextInput>* texts_;
    int depth_ = 0;
    std::size_t count_ = 0, size_ = 0;  ///< entries; texts of the entry
};

/// A JSON list of [text] or [text, pair]. Throws Fault::io, ::limit, ::type with the position in the list, and as
/// io::JsonReader does.
inline std::vector<TextInput> texts_of_json(const std::filesystem::path& path, const Limits& limits = {}) {
    return io::read_json_file(path, limits.text_bytes, [&](std::string_view text) {
        std::vector<TextInput> texts;
        const auto parse = [&](std::vector<TextInput>* kept) {
            TextListParser parser(kept);
            io::JsonReader<TextListParser>::read(text, limits.json_depth, "JSON", parser, io::JsonRoot::list);
            return parser.count();
        };
        texts.reserve(parse(nullptr));  // short texts take a dozen times the file: nothing is kept of one at fault
        parse(&texts);
        return texts;
    });
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
