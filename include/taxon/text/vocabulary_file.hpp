#pragma once
#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <taxon/core/error.hpp>
#include <taxon/io/text_lines.hpp>
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/folder_layout.hpp>
#include <taxon/io/mapped_file.hpp>
#include <taxon/io/model_config.hpp>
#include <taxon/text/tokenizer_json.hpp>

namespace taxon::text {

namespace detail {

/// Throws Fault::limit for a file of more than limits.text_bytes.
inline std::string_view bounded_text(const io::MappedFile& file, const Limits& limits) {
    const std::string_view text = io::as_text(file.bytes());
    if (text.size() > limits.text_bytes)
        throw Error(Fault::limit, {.found = std::to_string(text.size()) + " bytes",
                                   .wanted = "at most " + std::to_string(limits.text_bytes)});
    return io::without_mark(text);
}

template <class Read>
auto of_file(const std::filesystem::path& path, Read&& read) {
    try {
        return read();
    } catch (const Error& error) { throw error.in_file(path.string()); }
}

/// A JSON file beside the vocabulary, if there is one; see(scalar) as in `for_each_json_scalar`.
template <class See>
void for_each_setting(const std::filesystem::path& path, const Limits& limits, See&& see) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return;
    of_file(path, [&] {
        const io::MappedFile file(path);
        io::for_each_json_scalar(bounded_text(file, limits), "settings", see, limits);
    });
}

/// tokenizer_config.json: do_lower_case, and the added tokens where newer versions keep them. Every other setting must
/// be BERT's.
struct TokenizerSettings {
    std::optional<LetterCase> letter_case{};
    std::vector<AddedToken> added{};
};

inline TokenizerSettings read_settings(const std::filesystem::path& path, const Limits& limits) {
    std::optional<LetterCase> letter_case;
    std::string strip_accents = "null";
    AddedTokenList added("added_tokens_decoder/", true, limits);
    for_each_setting(path, limits, [&](const io::JsonScalar& scalar) {
        added.see(scalar);
        const auto refuse = [&](std::string_view found, std::string_view wanted) {
            throw Error(Fault::unsupported, {.place = "field " + std::string(scalar.key),
                                             .found = found,
                                             .wanted = wanted,
                                             .remedy = "only BERT's WordPiece is read"});
        };
        if (scalar.is("do_lower_case")) {
            if (scalar.other != "true" && scalar.other != "false")
                throw Error(Fault::type, {.place = "field do_lower_case", .wanted = "true or false"});
            letter_case = scalar.other == "true" ? LetterCase::uncased : LetterCase::cased;
        }
        if (scalar.is("tokenize_chinese_chars") && scalar.other != "true") refuse("another value", "true");
        if (scalar.is("strip_accents")) strip_accents = scalar.other;
        if (scalar.is("tokenizer_class") && scalar.string && *scalar.string != "BertTokenizer" &&
            *scalar.string != "BertTokenizerFast")
            refuse(*scalar.string, "BertTokenizer");
    });
    if (letter_case && strip_accents != "null" && (strip_accents == "true") != (*letter_case == LetterCase::uncased))
        throw Error(Fault::unsupported, {.file = path.string(),
                                         .place = "field strip_accents",
                                         .found = strip_accents,
                                         .wanted = "null or that of do_lower_case"});
    return of_file(path, [&] { return TokenizerSettings{letter_case, added.finish()}; });
}

/// added_tokens.json of older versions, tokens and their ids. Those that special_tokens_map.json names are special.
inline std::vector<AddedToken> read_added_tokens(const std::filesystem::path& folder, const Limits& limits) {
    std::vector<AddedToken> added;
    const auto path = folder / io::folder_layout::added_tokens;
    for_each_setting(path, limits, [&](const io::JsonScalar& scalar) {
        const auto refuse = [&](Fault fault, std::string found, std::string wanted) {
            throw Error(fault, {.place = "token '" + printable(scalar.key, error_line_bytes) + "'",
                                .found = std::move(found),
                                .wanted = std::move(wanted)});
        };
        if (!scalar.folder.empty() || !scalar.whole || *scalar.whole >= AddedTokenList::most_ids)
            refuse(Fault::type, "another value", "its id");
        if (scalar.key.size() > limits.name_bytes || added.size() == limits.vocabulary_tokens)
            refuse(Fault::limit,
                   std::to_string(added.size()) + " tokens before it, and its " + std::to_string(scalar.key.size()) +
                       " bytes",
                   "at most " + std::to_string(limits.vocabulary_tokens) + " tokens of " +
                       std::to_string(limits.name_bytes) + " bytes");
        added.push_back(
            {.content = std::string(scalar.key), .id = static_cast<std::int32_t>(*scalar.whole), .normalised = true});
    });
    if (added.empty()) return added;
    std::vector<std::string> special;
    for_each_setting(folder / io::folder_layout::special_tokens, limits, [&](const io::JsonScalar& scalar) {
        if (special.size() == limits.vocabulary_tokens)
            throw Error(Fault::limit, {.place = "special tokens",
                                       .found = "one more",
                                       .wanted = "at most " + std::to_string(limits.vocabulary_tokens)});
        if (scalar.string) special.push_back(*scalar.string);
    });
    std::sort(special.begin(), special.end());
    for (AddedToken& one : added) one.normalised = !std::binary_search(special.begin(), special.end(), one.content);
    return added;
}

inline bool is_json(std::string_view text) {
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    return start != text.npos && text[start] == '{';
}

/// The lines of a vocab.txt.
inline TokenList tokens_of_lines(std::string_view text, const Limits& limits) {
    TokenList tokens;
    tokens.reserve(text.size());
    const auto see = [&](std::size_t index, std::string_view line) {
        if (line.empty())
            throw Error(Fault::syntax, {.place = io::line_place(index), .found = "an empty line", .wanted = "a token"});
        if (index == limits.vocabulary_tokens)
            throw Error(Fault::limit, {.place = io::line_place(index),
                                       .found = "one more token",
                                       .wanted = "at most " + std::to_string(limits.vocabulary_tokens)});
        tokens.add(line);
    };
    io::for_each_line(text, see, limits);
    return tokens;
}

}  // namespace detail

/// The vocabulary in the text of a vocab.txt or a tokenizer.json, without the files that may lie beside it. Throws as
/// read_stored_vocabulary does.
inline StoredVocabulary stored_vocabulary_of(std::string_view text, const Limits& limits = {}) {
    text = io::without_mark(text);
    if (detail::is_json(text)) return TokenizerJson::read(text, limits);
    return {Vocabulary(detail::tokens_of_lines(text, limits)), std::nullopt};
}

/// Reads a vocab.txt (one token per line, as io::for_each_line passes it), a tokenizer.json, or a folder in Hugging
/// Face layout that has one of them, the latter first. A text that starts with '{' is JSON. The case and the tokens
/// added are those of tokenizer.json, or else of the tokenizer_config.json or added_tokens.json beside the file. Throws
/// Fault::io, ::limit, ::mismatch if a config.json beside the file has another vocab_size, and as `for_each_line`,
/// `Vocabulary`, `AddedTokenList` and `TokenizerJson` do.
inline StoredVocabulary read_stored_vocabulary(std::filesystem::path path, const Limits& limits = {}) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
        const auto [json, lines] = io::folder_layout::vocabularies;
        path /= std::filesystem::exists(path / json, ignored) ? json : lines;
    }
    return detail::of_file(path, [&] {
        const auto folder = path.parent_path();
        auto stored = [&] {
            const io::MappedFile file(path);
            const std::string_view text = detail::bounded_text(file, limits);
            auto made = detail::is_json(text) ? TokenizerJson::read(text, limits) : std::optional<StoredVocabulary>();
            if (made && made->letter_case) return *std::move(made);
            auto [letter_case, added] = detail::read_settings(folder / io::folder_layout::tokenizer_config, limits);
            if (made) return StoredVocabulary{std::move(made->vocabulary), letter_case};
            if (added.empty()) added = detail::read_added_tokens(folder, limits);
            return StoredVocabulary{Vocabulary(detail::tokens_of_lines(text, limits), std::move(added)), letter_case};
        }();
        // rows of the model's embedding table
        if (const auto config = io::ModelConfig::read(folder / io::folder_layout::config, limits))
            if (const auto rows = config->number("vocab_size"))
                stored.vocabulary.require_rows(static_cast<std::size_t>(*rows));
        return stored;
    });
}

/// The vocabulary alone, for a policy that fixes the case.
inline Vocabulary read_vocabulary(const std::filesystem::path& path) { return read_stored_vocabulary(path).vocabulary; }

/// The same, checked against the policy's case: a mismatch would give wrong results without an error. Throws
/// Fault::mismatch if the files say another one.
inline Vocabulary read_vocabulary(const std::filesystem::path& path, LetterCase wanted) {
    auto [vocabulary, stored] = read_stored_vocabulary(path);
    if (stored.value_or(wanted) != wanted)
        throw Error(Fault::mismatch, {.file = path.string(),
                                      .place = "letter case",
                                      .found = std::string(name_of(*stored)),
                                      .wanted = std::string(name_of(wanted)) + ", as the Preprocess policy says",
                                      .remedy = "use preprocess::WordPiece<…, text::LetterCase::" +
                                                std::string(name_of(*stored)) + ">"});
    return std::move(vocabulary);
}

}  // namespace taxon::text
