#pragma once
#include <memory>
#include <string>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/app/profile/profiling.hpp>
#include <taxon/app/text/perf.hpp>
#include <vector>

namespace taxon::app {

/// Profiles a network over texts.
class TextProfiling final : public Profiling {
    std::string noun() const override { return "text"; }
    std::string timed() const override { return "text to best class, over the texts given"; }

    void add_inputs(CLI::App& verb, const Family& family) override {
        add_sequence_option(verb, family, tokens_, "Tokens of each text; with --end-to-end, the maximum");
        if (auto* padding = add_padding_option(verb, family, padding_)) padding->needs(verb.get_option("--end-to-end"));
        add_text_source(verb, source_);
        add_task_option(verb, source_.columns, "Read the TSV's columns as this GLUE task has them");
        add_vocabulary_options(verb, family, tokens_, "the one in the offline file or beside the weights");
        add_text_calibration_options(verb, options.model.calibration);
        for (const char* option : {"--limit", "--text", "--text-pair", "--input-json"})
            verb.get_option(option)->needs(verb.get_option("--end-to-end"));
    }
    std::vector<NamedFile> inputs() const override {
        return {{"--calibration-file", options.model.calibration.table},
                {"--vocab", tokens_.vocabulary},
                {"the input", source_.table},
                {"--input-json", source_.input_json}};
    }
    void check_inputs() const override {
        source_.require_sense(options.model.calibration.named());
        options.require_inputs(source_.kinds() == 1, "text",
                               "profile --end-to-end with a TSV or --text profiles text to answer; without both, "
                               "tokens to raw result");
    }
    Work work(const RequestedModel& model) const override {
        require_single_ports(model.entry(), "profile");
        Work all{.length = sequence_of(tokens_, model),
                 .calibration = text_calibration(options.model, source_.columns, tokens_, model, "",
                                                 static_cast<std::size_t>(options.batch))};
        if (!options.end_to_end) return all;
        all.stages = {.reading = "tokenize"};
        const auto texts = std::make_shared<const std::vector<TextInput>>(text_inputs(source_));
        const auto encoder = std::make_shared<const TextEncoder>(text_encoder_of(tokens_, options.model, model));
        all.end_to_end = [this, texts, encoder](const AnyModel& network, const ModelEntry& entry, WorkerPool&) {
            encoder->require(network);
            return detail::from_texts(network, entry, options.batch, *encoder, *texts, padding_.padding());
        };
        return all;
    }

    TextSource source_{};
    TokenOptions tokens_{};
    PaddingOption padding_{};
};

}  // namespace taxon::app
