#pragma once
#include <algorithm>
#include <filesystem>
#include <string>
#include <taxon/app/console.hpp>
#include <taxon/app/json_file.hpp>
#include <taxon/app/measurement.hpp>
#include <taxon/app/text_inputs.hpp>
#include <taxon/app/tokenize_options.hpp>
#include <taxon/io/npy.hpp>
#include <taxon/text/tokenizer.hpp>
#include <taxon/text/vocabulary_file.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

namespace detail {

inline text::Case letters_of(const TokenizeOptions& options, const TextFamily& family, std::optional<text::Case> stored) {
    if (options.lower_case || options.cased) return options.cased ? text::Case::cased : text::Case::uncased;
    if (stored) return *stored;
    return std::find_if(family.variants.begin(), family.variants.end(), [&](const TextVariant& variant) { return variant.name == options.variant; })->letters;
}

inline Json json_of(const text::Encoding& encoding, const text::Vocabulary& vocabulary) {
    Json tokens = Json::array();
    for (const auto id : encoding.ids) tokens.push_back(vocabulary.token(id));
    return {{"tokens", tokens}, {"ids", encoding.ids}, {"token_type_ids", encoding.token_type_ids}, {"left_out", encoding.left_out}};
}

/// Three files of whole numbers, (texts, length), each row padded.
inline void write_padded(const std::filesystem::path& folder, std::vector<text::Encoding> encodings, std::size_t length, text::Vocabulary::Id pad) {
    std::filesystem::create_directories(folder);
    for (auto& encoding : encodings) text::pad_to(encoding, length, pad);
    const auto write = [&](const char* name, std::vector<std::int32_t> text::Encoding::*list) {
        std::vector<std::int64_t> numbers;
        for (const auto& encoding : encodings) numbers.insert(numbers.end(), (encoding.*list).begin(), (encoding.*list).end());
        write_file(folder / name, io::npy_bytes(numbers, {static_cast<std::int64_t>(encodings.size()), static_cast<std::int64_t>(length)}));
    };
    write("input_ids.npy", &text::Encoding::ids);
    write("token_type_ids.npy", &text::Encoding::token_type_ids);
    write("attention_mask.npy", &text::Encoding::attention_mask);
}

inline std::string readable(const std::vector<text::Encoding>& encodings, const text::Vocabulary& vocabulary, text::Case letters) {
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
    return text + fmt::format("{}, {}, {}{}\n", plural(static_cast<std::int64_t>(encodings.size()), "text"), plural(static_cast<std::int64_t>(tokens), "token"),
                              text::name_of(letters), cut == 0 ? "" : fmt::format("; the end of {} was left out", cut));
}

}  // namespace detail

/// The verb `tokenize`. Returns the exit code.
inline int run_tokenize(const TextFamily& family, const TokenizeOptions& options, Console& console) {
    options.require_sense();
    const auto [vocabulary, stored] = text::read_stored_vocabulary(options.vocabulary);
    const text::Case letters = detail::letters_of(options, family, stored);
    const auto texts = text_inputs(options);

    text::Tokenizer tokenizer(vocabulary, letters);
    const auto most = static_cast<std::size_t>(options.sequence);
    std::vector<text::Encoding> encodings(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) tokenizer.encode(texts[i].text, texts[i].pair, most, encodings[i]);

    if (!options.report.json.empty()) {
        Json json = Json::array();
        for (const auto& encoding : encodings) json.push_back(detail::json_of(encoding, vocabulary));
        write_json(options.report.json, json);
    }
    if (!options.output_folder.empty()) detail::write_padded(options.output_folder, encodings, most, vocabulary.pad());
    if (!options.report.quiet) console.out << detail::readable(encodings, vocabulary, letters);
    return 0;
}

}  // namespace taxon::app
