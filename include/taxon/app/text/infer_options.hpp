#pragma once
#include <optional>
#include <string>
#include <taxon/app/console/output_file.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/app/run/result_files.hpp>
#include <taxon/app/text/calibration.hpp>
#include <taxon/app/text/padding.hpp>
#include <taxon/app/text/source.hpp>
#include <taxon/app/text/token_options.hpp>
#include <vector>

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
    bool allow_nonfinite = false;
    std::optional<int> threads;
    ShareOptions share;

    /// The share that is asked for, whose number the outputs' names have from now on.
    Share take_share(Console& console) {
        const Share taken = share.share(console, report.quiet);
        taken.name("--json", report.json), taken.name("--output", output), files.take(taken);
        return taken;
    }

    static constexpr std::string_view sources_wanted =
        "--text TEXT, --input-json FILE, a TSV, --input synthetic[:SALT], or --tensor";

    /// True if there are inputs. Throws Fault::usage for inputs of several kinds.
    bool has_source(std::string_view verb) const {
        const int sources = source.kinds() + (generated.empty() ? 0 : 1) + (tensors.empty() ? 0 : 1);
        if (sources > 1)
            throw Error(Fault::usage, {.place = verb, .found = "inputs of several kinds", .wanted = sources_wanted});
        return sources == 1;
    }

    /// Throws Fault::usage for options that contradict each other and for outputs that cannot be written.
    void require_sense() const {
        if (!has_source("infer"))
            throw Error(Fault::usage, {.place = "infer", .found = "no input", .wanted = sources_wanted});
        source.require_sense(model.calibration.named());
        std::vector<NamedFile> outputs = files.named(), inputs{{"--weights", model.weights},
                                                               {"--labels", labels},
                                                               {"--vocab", tokens.vocabulary},
                                                               {"the input", source.table},
                                                               {"--input-json", source.input_json},
                                                               {"--calibration-file", model.calibration.table}};
        outputs.insert(outputs.end(), {{"--output", output}, report.file()});
        require_outputs(outputs, inputs);
    }
};

inline void add_text_tensors_option(CLI::App& verb, std::vector<std::string>& tensors) {
    verb.add_option("--tensor", tensors,
                    "Instead of texts: what tokenize --output-dir wrote, its folder or input_ids=, token_type_ids= "
                    "and attention_mask=FILE.npy")
        ->type_name("[NAME=]FILE.npy");
}

inline void add_text_infer_options(CLI::App& verb, const Family& family, TextInferOptions& options) {
    add_text_source(verb, options.source);
    add_shard_option(verb, options.share, "text");
    add_task_option(verb, options.source.columns, "Use this GLUE task's columns of the TSV, and its class names");
    add_model_options(verb, family, options.model);
    add_vocabulary_options(verb, family, options.tokens, "the one in the offline file or beside the weights");
    add_sequence_option(verb, family, options.tokens,
                        "Maximum tokens per text; of a pair, the longer text is truncated first");
    add_padding_option(verb, family, options.padding);
    add_text_calibration_options(verb, options.model.calibration);
    verb.add_option("--labels", options.labels,
                    "Class names, one per line. Default: those in the offline file, of --task, or in the "
                    "config.json beside the weights; else numbers")
        ->type_name("FILE");
    verb.add_option("--input", options.generated,
                    "Instead of texts: synthetic[:SALT], --batch N generated ones of --sequence tokens, each 7 "
                    "shorter than the one before")
        ->type_name("SOURCE");
    add_text_tensors_option(verb, options.tensors);
    add_nonfinite_option(verb, options.allow_nonfinite, "Write results that are not finite as they are");
    add_batch_option(verb, options.batch, "Texts per batch");
    add_threads_option(verb, options.threads,
                       "Threads that share the texts. Default: what affinity and cgroup quota allow");
    verb.add_option("--output", options.output, "Write the raw results (logits), float32 of shape (N, classes)")
        ->type_name("FILE.npy");
    add_result_files(verb, options.files, "text", "text");
    for (const char* option : {"--vocab", "--lower-case", "--cased"})
        for (const char* tokens : {"--input", "--tensor"}) verb.get_option(option)->excludes(verb.get_option(tokens));
    add_report_options(verb, options.report);
}

}  // namespace taxon::app
