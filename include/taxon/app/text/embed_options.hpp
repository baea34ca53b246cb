#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <taxon/app/console/output_file.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/app/model/sentence_encoder.hpp>
#include <taxon/app/text/calibration.hpp>
#include <taxon/app/text/padding.hpp>
#include <taxon/app/text/token_options.hpp>
#include <taxon/io/model_config.hpp>
#include <taxon/io/text_lines.hpp>
#include <vector>

namespace taxon::app {

struct EmbedOptions {
    ModelOptions model;
    ReportOptions report;
    TokenOptions tokens;
    PaddingOption padding;
    std::string lines, prefix, output;
    std::vector<std::string> texts;
    int batch = 1;
    std::optional<std::size_t> limit;
    std::optional<int> threads;

    /// Throws Fault::usage for no texts or two sources of them, and for outputs that cannot be written.
    void require_sense() const {
        if (texts.empty() == lines.empty())
            throw Error(Fault::usage, {.place = "embed",
                                       .found = texts.empty() ? "no texts" : "--text and a file of texts",
                                       .wanted = "a file of one text a line, or --text TEXT"});
        for (const std::string& words : {prefix, texts.empty() ? std::string() : texts.front()})
            if (!io::is_utf8(words))
                throw Error(Fault::usage,
                            {.place = "embed", .found = "bytes that are not UTF-8", .wanted = "a text in UTF-8"});
        require_outputs({{"--output", output}, report.file()}, {{"--weights", model.weights},
                                                                {"--vocab", tokens.vocabulary},
                                                                {"the file of texts", lines},
                                                                {"--calibration-file", model.calibration.table}});
    }
};

inline void add_embed_options(CLI::App& verb, const Family& family, EmbedOptions& options) {
    verb.add_option("texts", options.lines, "Texts, one a line")->type_name("FILE");
    verb.add_option("--text", options.texts, "Instead of a file: one text; again for each further one")
        ->type_name("TEXT")
        ->allow_extra_args(false);
    verb.add_option("--prefix", options.prefix, "Precedes each text: e5 wants \"query: \" or \"passage: \"")
        ->type_name("TEXT");
    add_model_options(verb, family, options.model);
    if (!embeds_only(family))
        verb.get_option("--variant")->default_str("the sentence encoder that the folder's config.json describes");
    add_vocabulary_options(verb, family, options.tokens, "the one in the offline file or beside the weights");
    add_sequence_option(verb, family, options.tokens, "Maximum tokens per text");
    if (!family.entries.front().sentence)
        verb.get_option("--sequence")->default_str("max_seq_length of the folder, else 128");
    add_padding_option(verb, family, options.padding);
    add_text_calibration_options(verb, options.model.calibration);
    add_batch_option(verb, options.batch, "Texts per batch");
    add_limit_option(verb, options.limit, "texts");
    add_threads_option(verb, options.threads,
                       "Threads that share the texts. Default: what affinity and cgroup quota allow");
    verb.add_option("--output", options.output, "Write the vectors, float32 of shape (N, dimensions)")
        ->type_name("FILE.npy");
    add_report_options(verb, options.report);
}

/// The variant that `embed` runs if none is named: the first sentence encoder that fits a folder's config.json and
/// modules, else the first. Throws Fault::usage if the program has none.
inline std::string embedding_variant(const Family& family, const std::string& weights) {
    std::string first;
    std::error_code ignored;
    for (const ModelEntry& entry : family.entries) {
        if (pooling_of(entry).empty()) continue;
        if (first.empty()) first = entry.variant;
        if (!std::filesystem::is_directory(weights, ignored)) break;
        try {
            io::check_config(weights, entry.config);
            check_sentence_modules(weights, entry);
            return std::string(entry.variant);
        } catch (const Error&) {}  // told where the first is bound
    }
    if (first.empty())
        throw Error(Fault::usage, {.place = "embed",
                                   .found = "a program without sentence encoders",
                                   .wanted = "one of bert's variants for it",
                                   .remedy = "-DTAXON_VARIANTS=sentence-minilm-l6 builds it"});
    return first;
}

}  // namespace taxon::app
