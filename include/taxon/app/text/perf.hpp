#pragma once
#include <memory>
#include <string>
#include <taxon/app/perf/perf.hpp>
#include <taxon/app/run/ranking.hpp>
#include <taxon/app/text/padding.hpp>
#include <taxon/app/text/calibration.hpp>
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
        add_sequence_option(*verb, family, options.tokens, "Tokens of each text; with --end-to-end, the maximum");
        if (auto* padding = add_padding_option(*verb, family, options.padding))
            padding->needs(verb->get_option("--end-to-end"));
        add_text_source(*verb, options.source);
        add_task_option(*verb, options.source.columns, "Read the TSV's columns as this GLUE task has them");
        add_vocabulary_options(*verb, family, options.tokens, "the one in the offline file or beside the weights");
        add_text_calibration_options(*verb, options.model.calibration);
        for (const char* option : {"--limit", "--text", "--text-pair", "--input-json"})
            verb->get_option(option)->needs(verb->get_option("--end-to-end"));
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        options.source.require_sense(options.model.calibration.named());
        options.require_inputs(
            options.source.kinds() == 1, "text",
            "perf --end-to-end with a TSV or --text times text to answer; without both, tokens to raw result");
        std::vector<TextInput> texts;
        if (options.end_to_end) texts = text_inputs(options.source);
        return run_perf(
            program, options,
            {{"--calibration-file", options.model.calibration.table},
             {"--vocab", options.tokens.vocabulary},
             {"the input", options.source.table},
             {"--input-json", options.source.input_json}},
            [&](const RequestedModel& model, const ModelOptions& named) { return subject(model, named, texts); },
            console);
    }

  private:
    PerfSubject subject(const RequestedModel& model, const ModelOptions& named,
                        const std::vector<TextInput>& texts) const {
        require_single_ports(model.entry(), "perf");
        const int length = sequence_of(options.tokens, model);
        const auto encoder =
            options.end_to_end ? std::make_shared<TextEncoder>(text_encoder_of(options.tokens, named, model)) : nullptr;
        return {
            text_calibration(named, options.source.columns, options.tokens, model, "",
                             static_cast<std::size_t>(options.largest_batch())),
            [this, length, encoder, &texts](const AnyModel& network, const ModelEntry& entry, int batch, WorkerPool&) {
                if (!encoder)
                    return from_samples(network, entry, batch,
                                        generated_samples("", entry, static_cast<std::size_t>(batch), length));
                encoder->require(network);
                return detail::from_texts(network, entry, batch, *encoder, texts, options.padding.padding());
            },
            length,
            "/sequence:" + std::to_string(length) +
                (options.end_to_end && !model.entry().sentence ? "/padding:" + options.padding.name : "")};
    }
};

}  // namespace taxon::app
