#pragma once
#include <memory>
#include <optional>
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/perf/benchmark.hpp>
#include <taxon/app/perf/options.hpp>
#include <taxon/app/run/ranking.hpp>
#include <taxon/app/text/padding.hpp>
#include <taxon/app/text/calibration.hpp>
#include <taxon/app/perf/workload.hpp>
#include <taxon/app/program/verb.hpp>
#include <vector>

namespace taxon::app {

/// The verb `perf` of text classifiers.
struct TextPerfOptions : PerfOptions {
    TextSource source;
    TokenOptions tokens;
    PaddingOption padding;
};

namespace detail {

/// From texts, batch by batch, to their best classes.
inline Workload from_texts(const AnyModel& network, const ModelEntry& entry, int batch, const TextEncoder& encoder,
                           const std::vector<TextInput>& texts, Padding padding) {
    struct State {
        task::TextRunner runner;
        text::Tokenizer tokenizer;
        text::Encoding encoding{};
        std::vector<TokenRow> rows;
        std::vector<float> answers;
        std::size_t next = 0;
    };
    const auto size = static_cast<std::size_t>(batch), classes = static_cast<std::size_t>(entry.output.size());
    const auto state = std::make_shared<State>(State{.runner = text_runner_of(network, entry, padding, encoder.most),
                                                     .tokenizer = {encoder.vocabulary, encoder.letter_case},
                                                     .rows = std::vector<TokenRow>(size),
                                                     .answers = std::vector<float>(size * classes)});
    return [state, &encoder, &texts, classes] {
        for (auto& row : state->rows) {
            encoder.encode(texts[state->next], state->tokenizer, state->encoding, row);
            state->next = (state->next + 1) % texts.size();
        }
        state->runner.run(state->rows, state->answers);
        for (std::size_t i = 0; i < state->rows.size(); ++i)
            rank("text", std::span(state->answers).subspan(i * classes, classes), 1);
    };
}

}  // namespace detail

/// Measures speed and memory of a network over texts.
struct TextPerf final : Verb {
    TextPerfOptions options;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = add_perf(program, family, options, "text", "text to best class, over the texts given");
        add_sequence_option(*verb, options.tokens, "Tokens of each text; with --end-to-end, the maximum");
        add_padding_option(*verb, options.padding);
        verb->get_option("--padding")->needs(verb->get_option("--end-to-end"));
        add_text_source(*verb, options.source);
        add_task_option(*verb, options.source.columns, "Read the TSV's columns as this GLUE task has them");
        add_vocabulary_options(*verb, options.tokens, ". Default: the one in the offline file or beside the weights");
        add_text_calibration_options(*verb, options.model.calibration);
        for (const char* option : {"--limit", "--text", "--text-pair", "--input-json"})
            verb->get_option(option)->needs(verb->get_option("--end-to-end"));
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const Family& family = program.family;
        require_outputs({options.report.file()}, {{"--weights", options.model.weights},
                                                  {"--compare", options.compare},
                                                  {"--calibration-file", options.model.calibration.table},
                                                  {"--vocab", options.tokens.vocabulary},
                                                  {"the input", options.source.table},
                                                  {"--input-json", options.source.input_json}});
        options.source.require_sense(options.model.calibration.named());
        options.require_inputs(
            options.source.kinds() == 1, "text",
            "perf --end-to-end with a TSV or --text times text to answer; without both, tokens to raw result");
        if (!options.compare.empty()) read_json(options.compare);  // rejected before anything is measured
        const auto start = std::chrono::steady_clock::now();
        const RequestedModel model(family, options.model);
        require_single_ports(model.entry(), "perf");
        const int length = sequence_of(options.tokens, model);
        std::vector<TextInput> texts;
        std::optional<TextEncoder> encoder;
        if (options.end_to_end)
            texts = text_inputs(options.source), encoder = text_encoder_of(options.tokens, options.model, model);
        const auto calibration = text_calibration(options.model, options.source.columns, options.tokens, model, "",
                                                  static_cast<std::size_t>(options.batch));
        const std::string more =
            "/sequence:" + std::to_string(length) + (options.end_to_end ? "/padding:" + options.padding.name : "");
        report(measured(family, options, length, more, model, calibration, start, console,
                        [&](const AnyModel& network, const ModelEntry& entry, WorkerPool&) {
                            if (encoder) encoder->require(network);
                            if (options.end_to_end)
                                return detail::from_texts(network, entry, options.batch, *encoder, texts,
                                                          options.padding.padding());
                            return from_samples(
                                network, entry, options.batch,
                                generated_samples("", entry, static_cast<std::size_t>(options.batch), length));
                        }),
               options, program.executable, console);
        return 0;
    }
};

}  // namespace taxon::app
