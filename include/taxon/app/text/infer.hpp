#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <taxon/app/model/class_names.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/json.hpp>
#include <taxon/app/console/progress.hpp>
#include <taxon/app/run/ranking.hpp>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/app/run/result_files.hpp>
#include <taxon/app/text/padding.hpp>
#include <taxon/app/text/calibration.hpp>
#include <taxon/app/text/class_names.hpp>
#include <taxon/app/text/source.hpp>
#include <taxon/app/text/token_tensors.hpp>
#include <taxon/io/npy.hpp>
#include <taxon/app/console/wording.hpp>
#include <taxon/app/program/verb.hpp>
#include <taxon/app/model/identity.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

struct TextInferOptions {
    ModelOptions model;
    ReportOptions report;
    TextSource source;
    TokenOptions tokens;
    PaddingOption padding;
    std::string generated;  ///< --input synthetic[:SALT]
    std::vector<std::string> tensors;
    std::string labels, output;
    ResultFiles files;
    int batch = 1;
    std::optional<int> threads;

    /// Throws Fault::usage for options that contradict each other and for outputs that cannot be written.
    void require_sense() const {
        const int sources = source.kinds() + (generated.empty() ? 0 : 1) + (tensors.empty() ? 0 : 1);
        if (sources != 1)
            throw Error(Fault::usage,
                        {.place = "infer",
                         .found = sources == 0 ? "no input" : "inputs of several kinds",
                         .wanted = "--text TEXT, --input-json FILE, a TSV, --input synthetic[:SALT], or --tensor"});
        source.require_sense(model.calibration.named());
        std::vector<NamedFile> outputs = files.named(), inputs{{"--weights", model.weights},
                                                               {"--labels", labels},
                                                               {"--vocab", tokens.vocabulary},
                                                               {"the input", source.table},
                                                               {"--input-json", source.input_json},
                                                               {"--calibration-file", model.calibration.table}};
        outputs.insert(outputs.end(), {{"--output", output}, {"--json", report.json}});
        require_outputs(outputs, inputs);
    }

    std::string salt() const {
        if (generated != "synthetic" && !generated.starts_with("synthetic:"))
            throw Error(Fault::usage, {.place = "--input",
                                       .found = "'" + generated + "'",
                                       .wanted = "synthetic[:SALT]",
                                       .remedy = "texts of your own are named without --input"});
        return generated.substr(std::min(generated.size(), std::size_t{10}));
    }
};

namespace detail {

/// The inputs: tokens, and their texts if there are any.
struct TextQuestions {
    std::vector<TokenRow> rows;
    std::vector<TextInput> texts{};
    std::vector<std::size_t> left_out{};

    std::string name(std::size_t i) const {
        if (texts.empty()) return "input[" + std::to_string(i) + "]";
        return texts[i].text + (texts[i].pair ? " | " + *texts[i].pair : "");
    }
};

inline TextQuestions questions_of(const TextInferOptions& options, const RequestedModel& model) {
    const int most = sequence_of(options.tokens, model);
    TextQuestions questions;
    if (!options.generated.empty()) questions.rows = generated_rows(options.salt(), model.entry(), options.batch, most);
    else if (!options.tensors.empty()) questions.rows = rows_of_tensors(options.tensors, most);
    else {
        questions.texts = text_inputs(options.source);
        std::tie(questions.rows, questions.left_out) =
            text_encoder_of(options.tokens, options.model, model).encode(questions.texts);
    }
    if (options.source.limit) questions.rows.resize(std::min(questions.rows.size(), *options.source.limit));
    return questions;
}

inline Json infer_json(const Family& family, const ModelEntry& entry, std::string_view isa,
                       const TextQuestions& questions, std::span<const Ranking> rankings, const ClassNames& names) {
    Json json = identity_json(family, entry);
    json["isa"] = isa;
    json["texts"] = Json::array();
    for (std::size_t i = 0; i < rankings.size(); ++i) {
        Json one{{"tokens", questions.rows[i].size() / static_cast<std::size_t>(entry.input.channels)},
                 {"top", Json::array()}};
        if (!questions.texts.empty()) {
            one["text"] = questions.texts[i].text, one["left_out"] = questions.left_out[i];
            if (questions.texts[i].pair) one["pair"] = *questions.texts[i].pair;
        }
        for (const auto& [index, probability] : rankings[i].best)
            one["top"].push_back({{"class", index}, {"label", names.of(index)}, {"probability", probability}});
        json["texts"].push_back(std::move(one));
    }
    return json;
}

/// The first characters of a text, for a line of a table.
inline std::string shortened(const std::string& text) {
    constexpr std::size_t most = 100;
    if (text.size() <= most) return printable(text);
    std::size_t end = most;
    while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // inside a character
    return printable(text.substr(0, end)) + "…";
}

inline std::string readable(const TextQuestions& questions, std::span<const Ranking> rankings, const ClassNames& names,
                            const Console& console) {
    std::size_t widest = 0, cut = 0;
    const auto name = [&](int index) { return names.empty() ? "class " + names.of(index) : names.of(index); };
    for (const auto& ranking : rankings) widest = std::max(widest, name(ranking.best.front().index).size());
    std::string text;
    for (const auto& ranking : rankings)
        text += console.bold(fmt::format("{:5.1f}%  {:<{}}", ranking.best.front().probability * 100,
                                         name(ranking.best.front().index), widest)) +
                "  " + shortened(ranking.name) + "\n";
    for (const std::size_t left_out : questions.left_out) cut += left_out > 0;
    if (cut > 0)
        text += fmt::format("the end of {} was left out; --sequence says how many tokens fit\n",
                            plural(static_cast<std::int64_t>(cut), "text"));
    return text;
}

}  // namespace detail

/// Classifies texts. Nothing is written unless every text succeeds.
struct TextInfer final : Verb {
    TextInferOptions options;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = program.add_subcommand("infer", "Classify texts or pairs of them");
        add_text_source(*verb, options.source);
        add_task_option(*verb, options.source.columns,
                        "A TSV of this task of GLUE: its columns, and the names of its classes");
        add_model_options(*verb, family, options.model);
        add_vocabulary_options(*verb, options.tokens, ". Default: the one in the off-line file or beside the weights");
        add_sequence_option(*verb, options.tokens,
                            "The most tokens of a text; the end of the longer one of a pair is cut first");
        add_padding_option(*verb, options.padding);
        add_text_calibration_options(*verb, options.model.calibration);
        verb->add_option("--labels", options.labels,
                         "The classes' names, a line each. Default: those in the off-line file, of --task, or in the "
                         "config.json beside the weights; else numbers")
            ->type_name("FILE");
        verb->add_option("--input", options.generated,
                         "Instead of texts: synthetic[:SALT], --batch N generated ones of --sequence tokens, each 7 "
                         "shorter than the one before")
            ->type_name("SOURCE");
        verb->add_option(
                "--tensor", options.tensors,
                "Instead of texts: what tokenize --output-dir wrote, its folder or input_ids=, token_type_ids= "
                "and attention_mask=FILE.npy")
            ->type_name("[NAME=]FILE.npy");
        add_batch_option(*verb, options.batch, "How many texts are run together");
        add_threads_option(*verb, options.threads,
                           "Threads that share the texts. Default: what affinity and cgroup quota allow");
        verb->add_option("--output", options.output, "Write the raw results (logits), float32 of shape (N, classes)")
            ->type_name("FILE.npy");
        add_result_files(*verb, options.files, "text", "text");
        for (const char* option : {"--vocab", "--lower-case", "--cased"})
            for (const char* tokens : {"--input", "--tensor"})
                verb->get_option(option)->excludes(verb->get_option(tokens));
        add_report_options(*verb, options.report);
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const Family& family = program.family;
        options.require_sense();
        const RequestedModel model(family, options.model);
        const ModelEntry& entry = model.entry();
        const auto names = text_class_names(options.labels, options.source.columns.task, options.model, model);
        const auto questions = detail::questions_of(options, model);
        const std::size_t count = questions.rows.size(), classes = static_cast<std::size_t>(entry.output.size());

        model.require_batch(options.batch, count);
        model.check();
        const auto calibration = text_calibration(options.model, options.source.columns, options.tokens, model,
                                                  options.generated.empty() ? "" : options.salt());
        const auto network = model.bind(1, calibration, console, options.report.quiet).network;
        std::vector<float> logits(count * classes);
        const auto batch = static_cast<std::size_t>(options.batch);
        WorkerPool workers(worker_count(count, batch, options.threads));
        Progress progress(console, options.report.quiet || count < 2, "texts", count);
        answer_texts(*network, entry, questions.rows, options.padding.padding(), sequence_of(options.tokens, model),
                     batch, workers, [&](std::size_t i, std::span<const float> answer) {
                         std::copy(answer.begin(), answer.end(),
                                   logits.begin() + static_cast<std::ptrdiff_t>(i * classes));
                         progress.advance(1);
                     });
        std::vector<Ranking> rankings;
        for (std::size_t i = 0; i < count; ++i)
            rankings.push_back(rank(questions.name(i), std::span(logits).subspan(i * classes, classes), 5));

        if (!options.output.empty())
            write_file(options.output,
                       io::npy_bytes(logits, {static_cast<std::int64_t>(count), static_cast<std::int64_t>(classes)}));
        options.files.write(rankings, names);
        if (!options.report.json.empty())
            write_json(options.report.json,
                       detail::infer_json(family, entry, network->isa(), questions, rankings, names));
        if (!options.report.quiet) console.out << detail::readable(questions, rankings, names, console);
        return 0;
    }
};

}  // namespace taxon::app
