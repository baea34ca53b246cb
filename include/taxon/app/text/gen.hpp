#pragma once
#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/gen/chosen_model.hpp>
#include <taxon/app/gen/class_comparison.hpp>
#include <taxon/app/gen/level_options.hpp>
#include <taxon/app/text/calibration.hpp>
#include <taxon/app/text/class_names.hpp>
#include <taxon/app/program/verb.hpp>
#include <vector>

namespace taxon::app {

/// The verb `gen` of text classifiers.
struct TextGenOptions : LevelOptions {
    ColumnOptions columns;
    TokenOptions tokens;
    std::string sequence_text;

    /// Throws Fault::usage.
    SizeRange sequence(const Family& family) const {
        return range_of("--sequence", sequence_text, lengths_of(family.entries.front()));
    }
};

namespace detail {

/// A token a line. Throws Fault::value for a token that would not be read back from it.
inline std::string lines_of(const text::Vocabulary& vocabulary) {
    using namespace std::string_view_literals;
    std::string lines;
    for (std::size_t i = 0; i < vocabulary.size(); ++i) {
        const std::string_view token = vocabulary.tokens()[i];
        if (token.find_first_of("\n\r\0"sv) != token.npos)
            throw Error(Fault::value, {.place = "vocabulary, token " + std::to_string(i),
                                       .found = "a line break or a NUL in it",
                                       .wanted = "tokens of one line each",
                                       .remedy = "no text can contain it; call it [unused] in the vocabulary"});
        lines.append(token).append("\n");
    }
    return lines;
}

/// The list as in a tokenizer.json; empty if there are none.
inline std::string json_text_of(const std::vector<text::AddedToken>& added) {
    Json list = Json::array();
    for (const auto& one : added)
        list.push_back(json_object({{"id", one.id},
                                    {"content", one.content},
                                    {"single_word", one.single_word},
                                    {"normalized", one.normalised}}));
    return added.empty() ? std::string() : json_text(json_object({{"added_tokens", std::move(list)}}));
}

}  // namespace detail

/// Writes an offline file of a network over texts, atomically and only once everything has succeeded.
struct TextGen final : Verb {
    TextGenOptions options;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = add_gen(program, family, options);
        verb->get_option("--labels")
            ->description("Class names to store, one per line. Default: those of --task, or in the config.json "
                          "beside the weights");
        options.sequence_text = lengths_of(family.entries.front()).option();
        verb->add_option("--sequence", options.sequence_text,
                         "Text lengths, in tokens, that the file serves: N or MIN:MAX")
            ->type_name("RANGE")
            ->capture_default_str();
        add_vocabulary_options(*verb, family, options.tokens,
                               "the one beside the weights; none for generated weights. It is stored");
        add_task_option(*verb, options.columns,
                        "The GLUE task that the network was trained for: gives the class names, and the columns of "
                        "--calibration-file and --dataset");
        add_column_options(*verb, options.columns);
        add_text_calibration_options(*verb, options.model.calibration);
        add_level_options(*verb, options,
                          "accuracy on --dataset, or without a data set, the calibration texts (or generated "
                          "ones) whose best class changes");
        verb->add_option("--dataset", options.dataset,
                         "The task's TSV with labels, on which --level measures accuracy, as for eval")
            ->needs(verb->get_option("--level"))
            ->needs(verb->get_option("--task"))
            ->type_name("FILE.tsv");
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const Family& family = program.family;
        Extras extras{.batch = options.batch(), .sequence = options.sequence(family)};
        const RequestedModel model =
            packable_model(family, options, options.requested(),
                           {{"--vocab", options.tokens.vocabulary}, {"--dataset", options.dataset}});
        require_single_ports(model.entry(), "gen");
        extras.labels = text_class_names(options.labels, options.columns.task, options.model, model).list();
        TokenOptions tokens = options.tokens;
        // the length that calibration truncates texts to
        tokens.sequence = std::clamp(usual_length_of(model.entry()), extras.sequence->least, extras.sequence->most);
        std::optional<TextEncoder> encoder;
        if (!tokens.vocabulary.empty() || !names_synthetic_weights(options.model.weights)) {
            encoder = text_encoder_of(tokens, options.model, model);
            extras.vocabulary = detail::lines_of(encoder->vocabulary);
            extras.added_tokens = detail::json_text_of(encoder->vocabulary.added());
            extras.letter_case = encoder->letter_case;
        }
        const ChosenModel chosen(
            options, family, model, text_calibration(options.model, options.columns, tokens, model),
            [&] { return search_inputs(tokens, model); }, console);
        if (encoder) encoder->require(*chosen.bound().network);
        chosen.write(options, family, extras, console);
        return 0;
    }

  private:
    /// Texts, labelled ones as well if --dataset names them, else generated ones. `tokens` and `model` must outlive it.
    SearchInputs search_inputs(const TokenOptions& tokens, const RequestedModel& model) const {
        constexpr std::size_t generated = 64;
        SearchInputs inputs{.typical_inputs = "--calibration-file TSV of typical texts",
                            .calibration =
                                text_calibration(options.model, options.columns, tokens, model, "", generated),
                            .samples = text_samples(options.model, options.columns, tokens, model, "", generated),
                            .comparison = {}};
        inputs.comparison = [&, samples = inputs.samples](const AnyModel& network, const ModelEntry& entry) {
            if (options.dataset.empty()) return agreement_of_classes(samples(network, entry));
            std::vector<TextInput> texts;
            std::vector<int> labels;
            for (auto& [text, label] : eval::read_glue(options.dataset, eval::glue_task(options.columns.task)))
                texts.push_back(std::move(text)), labels.push_back(label);
            return class_comparison("texts of the data set",
                                    inputs_of(text_encoder_of(tokens, options.model, model).encode(texts).first),
                                    std::move(labels), {.key = "accuracy", .name = "accuracy"});
        };
        return inputs;
    }
};

}  // namespace taxon::app
