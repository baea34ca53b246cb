#pragma once
#include <algorithm>
#include <filesystem>
#include <string>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/json.hpp>
#include <taxon/app/console/output_file.hpp>
#include <taxon/app/console/wording.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/app/program/verb.hpp>
#include <taxon/app/text/source.hpp>
#include <taxon/app/text/text_encoder.hpp>
#include <taxon/app/text/token_options.hpp>
#include <taxon/backend/cpu/isa.hpp>
#include <taxon/io/npy.hpp>
#include <taxon/text/tokenizer.hpp>
#include <taxon/text/vocabulary_file.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

struct TokenizeOptions {
    ReportOptions report;
    TextSource source;
    TokenOptions tokens;
    std::string variant, backend = "cpu", isa = "auto", output_folder;

    /// Throws Fault::usage for options that contradict each other and for outputs that cannot be written.
    void require_sense() const {
        if (const int sources = source.kinds(); sources != 1)
            throw Error(Fault::usage, {.place = "tokenize",
                                       .found = sources == 0 ? "no input" : "inputs of several kinds",
                                       .wanted = "--text TEXT, --input-json FILE, or a TSV"});
        source.require_sense();
        require_outputs(
            {report.file()},
            {{"--vocab", tokens.vocabulary}, {"the input", source.table}, {"--input-json", source.input_json}});
        require_folder("--output-dir", output_folder);
    }
};

namespace detail {

inline Json json_of(const text::Encoding& encoding, const text::Vocabulary& vocabulary) {
    Json tokens = Json::array();
    for (const auto id : encoding.ids) tokens.push_back(vocabulary.token(id));
    return json_object({{"tokens", tokens},
                        {"ids", encoding.ids},
                        {"token_type_ids", encoding.token_type_ids},
                        {"left_out", encoding.left_out}});
}

/// Three integer arrays, (texts, length), each row padded.
inline void write_padded(const std::filesystem::path& folder, std::vector<text::Encoding> encodings, std::size_t length,
                         text::Vocabulary::Id pad) {
    std::filesystem::create_directories(folder);
    for (auto& encoding : encodings) text::pad_to(encoding, length, pad);
    const auto write = [&](const char* name, std::vector<std::int32_t> text::Encoding::*list) {
        std::vector<std::int64_t> numbers;
        for (const auto& encoding : encodings)
            numbers.insert(numbers.end(), (encoding.*list).begin(), (encoding.*list).end());
        write_file(folder / name, io::npy_bytes(numbers, {static_cast<std::int64_t>(encodings.size()),
                                                          static_cast<std::int64_t>(length)}));
    };
    write("input_ids.npy", &text::Encoding::ids);
    write("token_type_ids.npy", &text::Encoding::token_type_ids);
    write("attention_mask.npy", &text::Encoding::attention_mask);
}

inline std::string readable(const std::vector<text::Encoding>& encodings, const text::Vocabulary& vocabulary,
                            text::LetterCase letter_case) {
    std::string text;
    std::size_t tokens = 0, cut = 0;
    for (const auto& encoding : encodings) {
        std::string numbers = " ";
        for (const auto id : encoding.ids) {
            text += printable(vocabulary.token(id)) + " ";
            numbers += " " + std::to_string(id);
        }
        text.back() = '\n';
        text += numbers + "\n";
        tokens += encoding.size();
        cut += encoding.left_out > 0;
    }
    return text + fmt::format("{}, {}, {}{}\n", plural(static_cast<std::int64_t>(encodings.size()), "text"),
                              plural(static_cast<std::int64_t>(tokens), "token"), text::name_of(letter_case),
                              cut == 0 ? "" : fmt::format("; {} truncated", cut));
}

}  // namespace detail

/// Tokenizes texts; no network runs.
struct Tokenize final : Verb {
    TokenizeOptions options;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = add_verb(program, "tokenize", "Tokenize texts for a network");
        add_text_source(*verb, options.source);
        add_task_option(*verb, options.source.columns, "Read the TSV's columns as this GLUE task has them");
        add_vocabulary_options(*verb, family, options.tokens, "");
        verb->get_option("--vocab")->required(family.vocabulary.empty());

        const auto names = column(family, &ModelEntry::variant);
        options.variant = std::string(names.front());
        verb->add_option("--variant", options.variant,
                         "Network to tokenize for: " + joined(names, ", ") +
                             "; determines whether texts are lower-cased")
            ->check(CLI::IsMember(std::vector<std::string>(names.begin(), names.end())))
            ->type_name("NAME")
            ->capture_default_str();
        add_sequence_option(*verb, family, options.tokens,
                            "Maximum tokens per text, " + lengths_of(family.entries.front()).text() +
                                "; of a pair, the longer text is truncated first");
        verb->add_option(
                "--output-dir", options.output_folder,
                "Write input_ids.npy, token_type_ids.npy and attention_mask.npy into this folder, int64 of shape "
                "(texts, N), padded")
            ->type_name("DIR");
        const std::string no_network = " (accepted, but without effect: no network runs here)";
        verb->add_option("--backend", options.backend, "cpu or reference" + no_network)
            ->check(CLI::IsMember({"cpu", "reference"}))
            ->type_name("NAME")
            ->capture_default_str();
        add_isa_option(*verb, options.isa, cpu::isa_choices() + no_network);
        add_report_options(*verb, options.report);
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const Family& family = program.family;
        options.require_sense();
        const auto [vocabulary, stored] = options.tokens.vocabulary.empty()
                                              ? stored_in(family)
                                              : text::read_stored_vocabulary(options.tokens.vocabulary);
        const ModelEntry& entry =
            choose(family, {.variant = options.variant, .precision = {}, .backend = {}, .execution = {}});
        const text::LetterCase letter_case = options.tokens.letter_case(stored, *entry.letter_case);
        const auto texts = text_inputs(options.source);

        text::Tokenizer tokenizer(vocabulary, letter_case);
        const auto most = static_cast<std::size_t>(options.tokens.sequence.value_or(usual_length_of(entry)));
        std::vector<text::Encoding> encodings(texts.size());
        for (std::size_t i = 0; i < texts.size(); ++i)
            tokenizer.encode(texts[i].text, texts[i].pair, most, encodings[i]);

        if (!options.output_folder.empty())
            detail::write_padded(options.output_folder, encodings, most, vocabulary.pad());
        print_result(options.report, console, detail::readable(encodings, vocabulary, letter_case),
                     [&, &vocabulary = vocabulary] {
                         Json json = Json::array();
                         for (const auto& encoding : encodings) json.push_back(detail::json_of(encoding, vocabulary));
                         return json;
                     });
        return 0;
    }
};

}  // namespace taxon::app
