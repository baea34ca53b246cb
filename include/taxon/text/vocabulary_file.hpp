#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <taxon/core/error.hpp>
#include <taxon/io/text_lines.hpp>
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/folder_layout.hpp>
#include <taxon/io/mapped_file.hpp>
#include <taxon/io/model_config.hpp>
#include <taxon/text/tokenizer_json.hpp>

namespace taxon::text {

namespace detail {

inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

inline std::string_view without_mark(std::string_view text) {
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    return text;
}

template <class Read>
auto of_file(const std::filesystem::path& path, Read&& read) {
    try {
        return read();
    } catch (const Error& error) { throw error.in_file(path.string()); }
}

/// A JSON file beside the vocabulary, if there is one; see(scalar) as in `for_each_json_scalar`.
template <class See>
void for_each_setting(const std::filesystem::path& path, See&& see) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return;
    of_file(path, [&] {
        const io::MappedFile file(path);
        io::for_each_json_scalar(without_mark(io::as_text(file.bytes())), "settings", see);
    });
}

/// tokenizer_config.json: do_lower_case. Every other setting must be BERT's.
inline std::optional<LetterCase> case_of_settings(const std::filesystem::path& path) {
    std::optional<LetterCase> letter_case;
    std::string strip_accents = "null";
    for_each_setting(path, [&](const io::JsonScalar& scalar) {
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
    return letter_case;
}

}  // namespace detail

/// Reads a vocab.txt (one token per line, as eval::read_lines reads it), a tokenizer.json, or a folder in Hugging Face
/// layout that has one of them, the former first. A text that starts with '{' is JSON. The case is that of
/// tokenizer.json, or else of the tokenizer_config.json beside the file. Throws Fault::io, ::mismatch if a config.json
/// beside the file has another vocab_size, and as `read_lines`, `Vocabulary` and `TokenizerJson` do.
inline StoredVocabulary read_stored_vocabulary(std::filesystem::path path) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
        const auto [lines, json] = io::folder_layout::vocabularies;
        path /= std::filesystem::exists(path / lines, ignored) ? lines : json;
    }
    return detail::of_file(path, [&] {
        auto stored = [&] {
            const io::MappedFile file(path);
            const std::string_view text = detail::without_mark(io::as_text(file.bytes()));
            const std::size_t start = text.find_first_not_of(" \t\r\n");
            if (start != text.npos && text[start] == '{') return TokenizerJson::read(text);
            return StoredVocabulary{Vocabulary(eval::read_lines(path)), {}};
        }();
        if (!stored.letter_case)
            stored.letter_case = detail::case_of_settings(path.parent_path() / io::folder_layout::tokenizer_config);
        // rows of the model's embedding table
        if (const auto config = io::ModelConfig::read(path.parent_path() / io::folder_layout::config))
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
