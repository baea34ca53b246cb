#pragma once
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <taxon/app/model/generated_sample.hpp>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/app/text/token_options.hpp>
#include <taxon/eval/glue.hpp>
#include <taxon/io/folder_layout.hpp>
#include <taxon/io/mapped_file.hpp>
#include <taxon/task/token_row.hpp>
#include <taxon/text/tokenizer.hpp>
#include <taxon/text/vocabulary_file.hpp>
#include <utility>
#include <vector>

namespace taxon::app {

using task::TokenRow;

/// Tokenization of a network's texts.
struct TextEncoder {
    text::Vocabulary vocabulary;
    text::LetterCase letter_case;
    int most;          ///< tokens per text, at most
    std::string from;  ///< the vocabulary's file

    /// All tokenized texts, and how many tokens of each were truncated.
    std::pair<std::vector<TokenRow>, std::vector<std::size_t>> encode(const std::vector<text::TextInput>& texts) const {
        text::Tokenizer tokenizer(vocabulary, letter_case);
        std::pair<std::vector<TokenRow>, std::vector<std::size_t>> encoded;
        text::Encoding encoding;
        for (const auto& input : texts) {
            encode(input, tokenizer, encoding, encoded.first.emplace_back());
            encoded.second.push_back(encoding.left_out);
        }
        return encoded;
    }

    /// Throws Fault::mismatch unless the vocabulary is that of the network, once its weights are there.
    void require(const AnyModel& network) const {
        try {
            if (network.words() > 0) vocabulary.require_rows(static_cast<std::size_t>(network.words()));
        } catch (const Error& error) { throw error.in_file(from); }
    }

    /// Tokenizes one text. `encoding` and the contents of `row` are reused.
    void encode(const text::TextInput& input, text::Tokenizer& tokenizer, text::Encoding& encoding,
                TokenRow& row) const {
        tokenizer.encode(input.text, input.pair, static_cast<std::size_t>(most), encoding);
        task::assign(row, encoding);
    }
};

/// The number of texts of which some tokens were left out.
inline std::uint64_t texts_cut(std::span<const std::size_t> left_out) {
    return static_cast<std::uint64_t>(
        std::count_if(left_out.begin(), left_out.end(), [](std::size_t tokens) { return tokens > 0; }));
}

/// The maximum tokens per text: --sequence, else the usual or the nearest length that the offline file is for. Throws
/// Fault::usage if it is not for that many.
inline int sequence_of(const TokenOptions& options, const RequestedModel& model) {
    const ModelEntry& entry = model.entry();
    if (!model.offline()) return options.sequence.value_or(usual_length_of(entry));
    const SizeRange built = model.offline()->sequence();
    const int sequence = options.sequence.value_or(std::clamp(usual_length_of(entry), built.least, built.most));
    if (!built.contains(static_cast<std::size_t>(sequence)))
        throw Error(Fault::usage, {.place = "--sequence",
                                   .found = std::to_string(sequence),
                                   .wanted = built.text() + ", for which " + model.offline()->path() + " was made"});
    return sequence;
}

namespace detail {

/// The vocabulary in an offline file. Throws as reading a vocab.txt and a tokenizer.json does.
inline text::StoredVocabulary stored_in(const OfflineModel& file, const Limits& limits = {}) {
    try {
        text::AddedTokenList added("added_tokens/", false, limits);
        const auto see = [&](const io::JsonScalar& scalar) { added.see(scalar); };
        if (const auto text = file.added_tokens(); !text.empty())
            io::for_each_json_scalar(text, "section 'added_tokens'", see, limits);
        return {text::Vocabulary(text::detail::tokens_of_lines(file.vocabulary(), limits), added.finish()),
                file.facts()->letter_case};
    } catch (const Error& error) { throw error.in_file(file.path()); }
}

}  // namespace detail

/// The vocabulary in the program. Throws as reading a vocab.txt and a tokenizer.json does.
inline text::StoredVocabulary stored_in(const Family& family) {
    try {
        return text::stored_vocabulary_of(family.vocabulary);
    } catch (const Error& error) { throw error.in_file("the vocabulary in " + std::string(family.name)); }
}

/// The vocabulary that --vocab names, else that in the offline file, in the program or beside the weights. Throws
/// Fault::usage if there is none, Fault::io if the weights are not there either, Fault::mismatch if it is not the
/// network's, and as reading it does.
inline TextEncoder text_encoder_of(const TokenOptions& options, const ModelOptions& named,
                                   const RequestedModel& model) {
    const ModelEntry& entry = model.entry();
    const Family& family = model.family();
    std::filesystem::path from = options.vocabulary;
    if (from.empty() && model.offline()) from = model.offline()->path();
    auto stored = [&]() -> text::StoredVocabulary {
        if (!options.vocabulary.empty()) return text::read_stored_vocabulary(options.vocabulary);
        if (model.offline())
            if (!model.offline()->vocabulary().empty()) return detail::stored_in(*model.offline());
        if (!family.vocabulary.empty()) {
            from = "the vocabulary in " + std::string(family.name);
            return stored_in(family);
        }
        std::error_code ignored;
        const std::filesystem::path weights(named.weights),
            folder = std::filesystem::is_directory(weights, ignored) ? weights : weights.parent_path();
        const bool has_neighbours = !named.weights.empty() && !names_synthetic_weights(named.weights);
        for (const auto name : io::folder_layout::vocabularies)
            if (has_neighbours && std::filesystem::exists(folder / name, ignored))
                return text::read_stored_vocabulary(from = folder / name);
        // throws: a wrong path is the likelier mistake
        if (has_neighbours && !std::filesystem::exists(weights, ignored)) io::MappedFile{weights};
        throw Error(Fault::usage, {.place = "--vocab",
                                   .found = "nothing, and no vocabulary beside the weights",
                                   .wanted = "the vocab.txt or tokenizer.json that the network was trained with"});
    }();
    try {
        // the weights may have more rows than the type; TextEncoder::require is for later
        const auto words = static_cast<std::size_t>(detail::token_tables_of(entry, 0)->words);
        if (stored.vocabulary.ids() <= words || stored.vocabulary.ids() > words + 1023)
            stored.vocabulary.require_rows(words);
    } catch (const Error& error) { throw error.in_file(from.string()); }
    const auto letter_case = options.letter_case(stored.letter_case, *entry.letter_case);
    return {std::move(stored.vocabulary), letter_case, sequence_of(options, model), from.string()};
}

}  // namespace taxon::app
