#pragma once
#include <optional>
#include <string>
#include <taxon/app/model/ports.hpp>
#include <taxon/text/letter_case.hpp>

#include <CLI/CLI.hpp>

namespace taxon::app {

/// Tokenizer options.
struct TokenOptions {
    std::string vocabulary;
    bool lower_case = false, cased = false;
    std::optional<int> sequence;

    /// The command line's choice, else that of the vocabulary's own files, else the network's default.
    text::LetterCase letter_case(std::optional<text::LetterCase> stored, text::LetterCase of_network) const {
        if (lower_case || cased) return cased ? text::LetterCase::cased : text::LetterCase::uncased;
        return stored.value_or(of_network);
    }
};

/// `others`: where a vocabulary comes from without the option, unless the program has one.
inline void add_vocabulary_options(CLI::App& verb, const Family& family, TokenOptions& options,
                                   const std::string& others) {
    const std::string standard = family.vocabulary.empty() ? others : "the program's own";
    verb.add_option("--vocab", options.vocabulary,
                    "A vocab.txt, a tokenizer.json, or a folder in Hugging Face layout that has one of them" +
                        (standard.empty() ? "" : ". Default: " + standard))
        ->type_name("FILE");
    auto* lower = verb.add_flag("--lower-case", options.lower_case,
                                "Lower-case texts and strip accents. Default: what tokenizer.json or the "
                                "tokenizer_config.json beside the vocabulary says, else what the variant expects");
    verb.add_flag("--cased", options.cased, "Keep case and accents")->excludes(lower);
}

inline void add_sequence_option(CLI::App& verb, const Family& family, TokenOptions& options,
                                const std::string& meaning) {
    const ModelEntry& entry = family.entries.front();
    verb.add_option("--sequence", options.sequence, meaning)
        ->check(CLI::Range(lengths_of(entry).least, lengths_of(entry).most))
        ->type_name("N")
        ->default_str(std::to_string(usual_length_of(entry)));
}

}  // namespace taxon::app
