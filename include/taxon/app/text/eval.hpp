#pragma once
#include <chrono>
#include <mutex>
#include <string>
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
                               const std::vector<eval::LabelledText>& texts, std::span<const TokenRow> rows,
                               const TextEvalOptions& options, int length, WorkerPool& workers, Console& console) {
    std::mutex counting;
    eval::BinaryScore score;
    Progress progress(console, options.report.quiet, "texts", texts.size(), [&] {
        const std::lock_guard lock(counting);
        return fmt::format("accuracy {:.2f}%", 100 * score.accuracy());
    });
    answer_texts(network, entry, rows, options.padding.padding(), length, static_cast<std::size_t>(options.batch),
                 workers, [&](std::size_t i, std::span<const float> logits) {
                     checked_result("text " + std::to_string(i), [&] {
                         const std::lock_guard lock(counting);
                         score.add(logits, texts[i].label);
                     });
                     progress.advance(1);
                 });
    return score;
}

}  // namespace detail

/// Scores a data set of texts.
struct TextEval final : Verb {
    TextEvalOptions options;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = program.add_subcommand("eval", "Score a data set: accuracy, F1 and their mean");
        verb->add_option("--dataset", options.dataset,
                         "The task's TSV with labels: dev.tsv of SST-2, msr_paraphrase_test.txt or dev.tsv of MRPC")
            ->type_name("FILE.tsv");
        add_task_option(*verb, options.columns, "GLUE task of the file: sst2 (sentiment) or mrpc (paraphrases)");
        add_model_options(*verb, family, options.model);
        add_vocabulary_options(*verb, options.tokens, ". Default: the one in the offline file or beside the weights");
        add_sequence_option(*verb, options.tokens,
                            "Maximum tokens per text; of a pair, the longer text is truncated first");
        add_padding_option(*verb, options.padding);
        add_text_calibration_options(*verb, options.model.calibration);
        add_share_options(*verb, options, "text");
        add_report_options(*verb, options.report);
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const Family& family = program.family;
        options.require_dataset("the task's TSV");
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
        const Share share(eval::read_glue(options.dataset, eval::glue_task(options.columns.task)), options, "text");
        const TextEncoder encoder = text_encoder_of(options.tokens, options.model, model);

        const auto calibration = text_calibration(options.model, options.columns, options.tokens, model);
        return evaluate<TextScore>(
            family, model, options, share, calibration, console,
            [&](const AnyModel& network, WorkerPool& workers) -> TextScore {
                std::vector<TextInput> inputs;
                for (const auto& text : share.entries) inputs.push_back(text.input);
                encoder.require(network);
                const auto [rows, left_out] = encoder.encode(inputs);
                return {detail::score(network, entry, share.entries, rows, options, encoder.most, workers, console),
                        texts_cut(left_out)};
            });
    }
};

}  // namespace taxon::app
