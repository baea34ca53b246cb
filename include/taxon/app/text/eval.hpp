#pragma once
#include <chrono>
#include <mutex>
#include <string>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/text/text_score.hpp>
#include <taxon/app/eval/evaluate.hpp>
#include <taxon/app/console/progress.hpp>
#include <taxon/app/run/ranking.hpp>
#include <taxon/app/text/padding.hpp>
#include <taxon/app/text/calibration.hpp>
#include <taxon/eval/glue.hpp>
#include <taxon/app/model/description.hpp>
#include <taxon/app/program/verb.hpp>
#include <vector>

namespace taxon::app {

/// The verb `eval` of text classifiers.
struct TextEvalOptions : EvalOptions {
    ColumnOptions columns;
    TokenOptions tokens;
    PaddingOption padding;
};

namespace detail {

inline eval::BinaryScore score(const AnyModel& network, const ModelEntry& entry,
                               const EvalInputs<eval::LabelledText>& inputs, std::span<const TokenRow> rows,
                               const TextEvalOptions& options, int length, WorkerPool& workers, Console& console) {
    std::mutex counting;
    eval::BinaryScore score;
    const auto note = [&] {
        const std::lock_guard lock(counting);
        return fmt::format("accuracy {:.2f}%", 100 * score.accuracy());
    };
    Progress progress(console, options.report.quiet, "texts", inputs.total(), note, inputs.done_before);
    const auto see = [&](std::size_t i, std::span<const float> logits) {
        checked_result("text " + std::to_string(inputs.share.number(inputs.done_before + i)), [&] {
            const std::lock_guard lock(counting);
            score.add(logits, inputs.entries[i].label);
        });
        progress.advance(1);
    };
    answer_texts(network, entry, rows, options.padding.padding(), length, static_cast<std::size_t>(options.batch),
                 workers, see, progress.stop());
    return score;
}

}  // namespace detail

/// Scores a data set of texts.
struct TextEval final : Verb {
    TextEvalOptions given;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = add_verb(program, "eval", "Score a data set: accuracy, F1 and their mean");
        verb->add_option("--dataset", given.dataset,
                         "The task's TSV with labels: dev.tsv of SST-2, msr_paraphrase_test.txt or dev.tsv of MRPC")
            ->type_name("FILE.tsv");
        add_task_option(*verb, given.columns, "GLUE task of the file: sst2 (sentiment) or mrpc (paraphrases)");
        add_model_options(*verb, family, given.model);
        add_vocabulary_options(*verb, family, given.tokens, "the one in the offline file or beside the weights");
        add_sequence_option(*verb, family, given.tokens,
                            "Maximum tokens per text; of a pair, the longer text is truncated first");
        add_padding_option(*verb, family, given.padding);
        add_text_calibration_options(*verb, given.model.calibration);
        add_eval_options(*verb, given, "text");
        add_report_options(*verb, given.report);
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const Family& family = program.family;
        TextEvalOptions options = given;
        options.require_dataset("the task's TSV");
        const Share share = options.share.share(console, options.report.quiet);
        share.name("--json", options.report.json);
        if (options.columns.task.empty())
            throw Error(Fault::usage, {.place = "--task", .found = "nothing", .wanted = "sst2 or mrpc"});
        require_outputs({options.report.file()}, {{"--weights", options.model.weights},
                                                  {"--vocab", options.tokens.vocabulary},
                                                  {"--dataset", options.dataset},
                                                  {"--calibration-file", options.model.calibration.table}});
        const RequestedModel model(family, options.model);
        const ModelEntry& entry = model.entry();
        require_single_ports(entry, "eval");
        require_classifier(entry, "eval");
        if (entry.output.size() != 2)
            throw Error(Fault::usage, {.place = "--task " + options.columns.task,
                                       .found = std::to_string(entry.output.size()) + " classes of variant " +
                                                std::string(entry.variant),
                                       .wanted = "2"});
        const TextEncoder encoder = text_encoder_of(options.tokens, options.model, model);
        auto texts = eval_inputs(eval::read_glue(options.dataset, eval::glue_task(options.columns.task)), options.share,
                                 share, "text", [](Digest& digest, const eval::LabelledText& text) {
                                     add_text(digest, text.input);
                                     digest.add(static_cast<std::uint64_t>(text.label));
                                 });
        texts.options = fmt::format("task {}, {}", options.columns.task, encoding_text(encoder, options.padding));

        const auto calibration = text_calibration(options.model, options.columns, options.tokens, model);
        return evaluate<TextScore>(
            family, model, options, std::move(texts), calibration, console,
            [&](const AnyModel& network, WorkerPool& workers, const EvalInputs<eval::LabelledText>& rest) -> TextScore {
                std::vector<TextInput> inputs;
                for (const auto& text : rest.entries) inputs.push_back(text.input);
                encoder.require(network);
                auto [rows, left_out] = encoder.encode(inputs);
                const auto score = detail::score(network, entry, rest, rows, options, encoder.most, workers, console);
                left_out.resize(static_cast<std::size_t>(score.n()));  // it may have been stopped
                return {score, texts_cut(left_out)};
            });
    }
};

}  // namespace taxon::app
