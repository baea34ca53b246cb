#pragma once
#include <memory>
#include <string>
#include <taxon/app/run/sample_options.hpp>
#include <taxon/app/text/calibration.hpp>
#include <taxon/app/text/questions.hpp>

namespace taxon::app {

/// Samples of a network over texts: texts, generated ones or tokens.
class TextSampleOptions final : public SampleOptions {
  public:
    void add(CLI::App& verb, const Family& family, CalibrationOptions& calibration) override {
        verb_ = verb.get_name();
        add_text_source(verb, options_.source);
        add_task_option(verb, options_.source.columns, "Use this GLUE task's columns of the TSV");
        add_vocabulary_options(verb, family, options_.tokens, "the one in the offline file or beside the weights");
        add_sequence_option(verb, family, options_.tokens,
                            "Maximum tokens per text; of a pair, the longer text is truncated");
        verb.add_option("--input", options_.generated,
                        "Instead of texts: synthetic[:SALT], a generated one of --sequence tokens")
            ->type_name("SOURCE");
        add_text_tensors_option(verb, options_.tensors);
        add_text_calibration_options(verb, calibration);
    }

    void add_calibration(CLI::App& verb, const Family& family, CalibrationOptions& calibration) override {
        add_task_option(verb, options_.source.columns, "Use this GLUE task's columns of the TSV");
        add_column_options(verb, options_.source.columns);
        add_vocabulary_options(verb, family, options_.tokens, "the one beside the weights");
        if (!family.entries.front().sentence)  // which is exported as it is
            add_sequence_option(verb, family, options_.tokens,
                                "Tokens of every text, padded; attention_mask is 0 for padding");
        add_text_calibration_options(verb, calibration);
    }
    std::optional<int> length() const override { return options_.tokens.sequence; }

    bool named() const override { return options_.has_source(verb_); }
    std::string wanted() const override { return std::string(TextInferOptions::sources_wanted); }

    std::vector<NamedFile> files() const override {
        return {{"--vocab", options_.tokens.vocabulary},
                {"the input", options_.source.table},
                {"--input-json", options_.source.input_json}};
    }

    Samples samples(const ModelOptions& options, const RequestedModel& model, const AnyModel& network,
                    const std::string& folder) const override {
        require_single_ports(model.entry(), verb_);
        options_.source.require_sense(options.calibration.named());
        TextInferOptions named = options_;
        named.model = options;
        if (!named.has_source(verb_)) named.tensors = {folder};
        const auto questions = std::make_shared<const TextQuestions>(questions_of(named, model));
        if (questions->encoder) questions->encoder->require(network);
        Samples samples{{}, [questions](std::size_t i) { return questions->rows[i]; }};
        for (std::size_t i = 0; i < questions->rows.size(); ++i) samples.names.push_back(questions->name(i));
        return samples;
    }

    CalibrationSource calibration(const ModelOptions& options, const RequestedModel& model) const override {
        return text_calibration(options, options_.source.columns, options_.tokens, model,
                                options_.generated.empty() ? std::string() : std::string(salt_of(options_.generated)));
    }

  private:
    std::string verb_;
    TextInferOptions options_;
};

}  // namespace taxon::app
