#pragma once
#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/gen/options.hpp>
#include <taxon/app/gen/write_offline.hpp>
#include <taxon/app/text/calibration.hpp>
#include <taxon/app/text/class_names.hpp>
#include <taxon/app/program/verb.hpp>
#include <vector>

namespace taxon::app {

/// The verb `gen` of text classifiers.
struct TextGenOptions : GenOptions {
    ColumnOptions columns;
    TokenOptions tokens;
    std::string sequence_text = built_lengths.option();

    /// Throws Fault::usage.
    SizeRange sequence() const { return range_of("--sequence", sequence_text, built_lengths); }
};

/// Writes an offline file of a network over texts, atomically and only once everything has succeeded.
struct TextGen final : Verb {
    TextGenOptions options;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = add_gen(program, family, options);
        verb->get_option("--labels")
            ->description("Class names to store, one per line. Default: those of --task, or in the config.json "
                          "beside the weights");
        verb->add_option("--sequence", options.sequence_text,
                         "Text lengths, in tokens, that the file serves: N or MIN:MAX")
            ->type_name("RANGE")
            ->capture_default_str();
        add_vocabulary_options(
            *verb, options.tokens,
            ", to be stored. Default: the one beside the weights; with generated weights there is none");
        add_task_option(
            *verb, options.columns,
            "The task of GLUE that the network was trained for: the names of its classes, and the columns of "
            "--calibration-file");
        add_column_options(*verb, options.columns);
        add_text_calibration_options(*verb, options.model.calibration);
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const Family& family = program.family;
        Extras extras{.batch = options.batch(), .sequence = options.sequence()};
        const RequestedModel model = packable_model(family, options, options.model, options.tokens.vocabulary);
        extras.labels = text_class_names(options.labels, options.columns.task, options.model, model).list();
        TokenOptions tokens = options.tokens;
        // the length that calibration truncates texts to
        tokens.sequence = std::clamp(TokenOptions::usual_sequence, extras.sequence->least, extras.sequence->most);
        if (!tokens.vocabulary.empty() || !names_synthetic_weights(options.model.weights)) {
            const TextEncoder encoder = text_encoder_of(tokens, options.model, model);
            extras.vocabulary.assign(encoder.vocabulary.tokens().begin(), encoder.vocabulary.tokens().end());
            extras.letter_case = encoder.letter_case;
        }
        const BoundModel bound = model.bind(1, text_calibration(options.model, options.columns, tokens, model), console,
                                            options.report.quiet);
        const Json json = write_offline(options.output, family, model.entry(), bound, extras);
        report(json, bound.weights, options.report, console);
        return 0;
    }
};

}  // namespace taxon::app
