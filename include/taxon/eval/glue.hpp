#pragma once
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <taxon/core/error.hpp>
#include <taxon/eval/tsv.hpp>
#include <taxon/text/text_input.hpp>

namespace taxon::eval {

/// The text columns of a TSV, and the spelling of a double quote in them.
struct TextColumns {
    std::string text = "sentence";
    std::string pair{};   ///< empty: single texts
    std::string quote{};  ///< empty: a plain quote
};

/// A GLUE task (Wang et al., "GLUE: A Multi-Task Benchmark", 2018) with two classes, as its files spell it.
struct GlueTask {
    std::string_view name;
    TextColumns columns;
    std::string label;
    std::array<std::string_view, 2> classes;
};

/// Sentiment of film reviews (Socher et al. 2013), and paraphrase detection (Dolan and Brockett 2005).
inline const std::array<GlueTask, 2>& glue_tasks() {
    static const std::array<GlueTask, 2> tasks{
        {{"sst2", {"sentence", "", ""}, "label", {"negative", "positive"}},
         {"mrpc", {"#1 String", "#2 String", "<QUOTE>"}, "Quality", {"not equivalent", "equivalent"}}}};
    return tasks;
}

/// Throws Fault::usage for an unknown name.
inline const GlueTask& glue_task(std::string_view name) {
    for (const GlueTask& task : glue_tasks())
        if (task.name == name) return task;
    throw Error(Fault::usage, {.place = "task", .found = "'" + std::string(name) + "'", .wanted = "sst2 or mrpc"});
}

/// The texts of a table, in order. Throws as Tsv::column does.
inline std::vector<text::TextInput> texts_of(const Tsv& table, const TextColumns& columns) {
    const auto with_quotes = [&](std::string text) {
        for (std::size_t at = columns.quote.empty() ? text.npos : text.find(columns.quote); at != text.npos;
             at = text.find(columns.quote, at + 1))
            text.replace(at, columns.quote.size(), "\"");
        return text;
    };
    std::vector<text::TextInput> texts;
    for (auto& text : table.column(columns.text)) texts.push_back({with_quotes(std::move(text))});
    if (columns.pair.empty()) return texts;
    auto pairs = table.column(columns.pair);
    for (std::size_t i = 0; i < texts.size(); ++i) texts[i].pair = with_quotes(std::move(pairs[i]));
    return texts;
}

struct LabelledText {
    text::TextInput input;
    int label = 0;
};

/// The texts of a task's file with their classes. Throws as Tsv does, Fault::missing if there are none, and
/// Fault::value, with the line, for a label that is not 0 or 1: GLUE's test files have none.
inline std::vector<LabelledText> read_glue(const std::filesystem::path& path, const GlueTask& task,
                                           const Limits& limits = {}) {
    const auto table = Tsv::read(path, limits);
    auto inputs = texts_of(table, task.columns);
    const auto labels = table.column(task.label);
    std::vector<LabelledText> texts;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (labels[i] != "0" && labels[i] != "1")
            throw Error(Fault::value, {.file = path.string(),
                                       .place = table.place(i),
                                       .found = "label '" + labels[i] + "'",
                                       .wanted = "0 or 1"});
        texts.push_back({std::move(inputs[i]), labels[i] == "1"});
    }
    if (texts.empty())
        throw Error(Fault::missing,
                    {.file = path.string(), .found = "a header and no texts", .wanted = "at least one"});
    return texts;
}

}  // namespace taxon::eval
