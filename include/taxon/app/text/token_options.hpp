#pragma once
#include <optional>
#include <string>
#include <taxon/app/model/size_range.hpp>
#include <taxon/text/letter_case.hpp>

#include <CLI/CLI.hpp>

namespace taxon::app {

/// Tokenizer options.
struct TokenOptions {
    static constexpr int usual_sequence = usual_length;

    std::string vocabulary;
    bool lower_case = false, cased = false;
    std::optional<int> sequence;

    /// The command line's choice, else that of the vocabulary's own files, else the network's default.
    text::LetterCase letter_case(std::optional<text::LetterCase> stored, text::LetterCase of_network) const {
        if (lower_case || cased) return cased ? text::LetterCase::cased : text::LetterCase::uncased;
        return stored.value_or(of_network);
    }
};

inline void add_vocabulary_options(CLI::App& verb, TokenOptions& options, const std::string& standard) {
    verb.add_option("--vocab", options.vocabulary,
                    "A vocab.txt, a tokenizer.json, or a folder in Hugging Face layout that has one of them" + standard)
        ->type_name("FILE");
    auto* lower = verb.add_flag("--lower-case", options.lower_case,
                                "Lower-case texts and strip accents. Default: what tokenizer.json or the "
                                "tokenizer_config.json beside the vocabulary says, else what the variant expects");
    verb.add_flag("--cased", options.cased, "Keep case and accents")->excludes(lower);
}

inline void add_sequence_option(CLI::App& verb, TokenOptions& options, const std::string& meaning) {
    verb.add_option("--sequence", options.sequence, meaning)
        ->check(CLI::Range(built_lengths.least, built_lengths.most))
        ->type_name("N")
        ->default_str(std::to_string(TokenOptions::usual_sequence));
}

}  // namespace taxon::app
