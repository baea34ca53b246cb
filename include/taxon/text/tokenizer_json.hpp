#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <taxon/core/limits.hpp>
#include <taxon/io/json_scalars.hpp>
#include <taxon/text/added_token_list.hpp>
#include <taxon/text/letter_case.hpp>
#include <taxon/text/vocabulary.hpp>

namespace taxon::text {

/// A vocabulary as stored, and whether it is cased if the file says so.
struct StoredVocabulary {
    Vocabulary vocabulary;
    std::optional<LetterCase> letter_case{};
};

/// Reads a tokenizer.json of the Hugging Face tokenizers. Every setting in it must be BERT's, or it is rejected: ids
/// would differ.
class TokenizerJson {
  public:
    /// Throws Fault::unsupported (another kind of tokenizer), ::missing, ::duplicate, ::bounds (ids that are not 0, 1,
    /// 2 …), ::limit, and as `Vocabulary`, `AddedTokenList` and io::JsonReader do.
    static StoredVocabulary read(std::string_view text, const Limits& limits = {}) {
        TokenizerJson tokenizer(limits);
        const auto see = [&](io::JsonScalar&& scalar) { tokenizer.see(scalar); };
        io::for_each_json_scalar(text, "tokenizer.json", see, limits);
        return tokenizer.finish();
    }

  private:
    struct Setting {
        std::string_view path, wanted;
    };

    explicit TokenizerJson(const Limits& limits) : limits_(limits), added_("added_tokens/", false, limits) {}

    void see(const io::JsonScalar& scalar) {
        if (scalar.folder == "model/vocab/") return add(scalar);
        added_.see(scalar);
        if (scalar.is("normalizer/lowercase")) {
            if (scalar.other != "true" && scalar.other != "false")
                refuse("normalizer/lowercase", spelling(scalar), "true or false");
            letters_ = scalar.other == "true" ? LetterCase::uncased : LetterCase::cased;
        }
        if (scalar.is("normalizer/strip_accents")) strip_accents_ = spelling(scalar);
        typed_ = typed_ || scalar.is("model/type");
        normalised_ = normalised_ || scalar.is("normalizer/type");
        constexpr Setting settings[] = {{"model/type", "WordPiece"},
                                        {"model/unk_token", "[UNK]"},
                                        {"model/continuing_subword_prefix", "##"},
                                        {"model/max_input_chars_per_word", "100"},
                                        {"normalizer/type", "BertNormalizer"},
                                        {"normalizer/clean_text", "true"},
                                        {"normalizer/handle_chinese_chars", "true"},
                                        {"pre_tokenizer/type", "BertPreTokenizer"}};
        for (const auto& [path, wanted] : settings)
            if (scalar.is(path) && (spelling(scalar) != wanted || scalar.string.has_value() != is_word(wanted)))
                refuse(path, spelling(scalar), wanted);
    }

    void add(const io::JsonScalar& scalar) {
        const auto refuse = [&](Fault fault, std::string found, std::string wanted) {
            throw Error(fault, {.place = place(scalar.key), .found = std::move(found), .wanted = std::move(wanted)});
        };
        if (!scalar.whole || *scalar.whole >= AddedTokenList::most_ids) refuse(Fault::type, spelling(scalar), "its id");
        if (scalar.key.size() > limits_.line_bytes)
            refuse(Fault::limit, std::to_string(scalar.key.size()) + " bytes",
                   "at most " + std::to_string(limits_.line_bytes));
        if (ids_.size() == limits_.vocabulary_tokens)
            refuse(Fault::limit, "one more token", "at most " + std::to_string(limits_.vocabulary_tokens));
        ids_.push_back(static_cast<std::size_t>(*scalar.whole));
        tokens_.add(scalar.key);
    }

    StoredVocabulary finish() {
        if (!typed_ || !normalised_)
            throw Error(Fault::missing, {.place = "tokenizer.json",
                                         .found = typed_ ? "no normalizer" : "no model",
                                         .wanted = "a WordPiece model and BertNormalizer"});
        const std::size_t count = ids_.size(), nowhere = count;
        std::vector<std::size_t> place_of(count, nowhere);  // in the file, by id
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t id = ids_[i];
            if (id >= count)
                throw Error(Fault::bounds, {.place = place(tokens_[i]),
                                            .found = "id " + std::to_string(id),
                                            .wanted = "ids below " + std::to_string(count) + ", the number of tokens"});
            if (place_of[id] != nowhere)
                throw Error(Fault::duplicate,
                            {.place = place(tokens_[i]),
                             .found = "id " + std::to_string(id) + ", which '" +
                                      printable(tokens_[place_of[id]], error_line_bytes) + "' has as well",
                             .wanted = "each id once"});
            place_of[id] = i;
        }
        TokenList tokens;
        for (const std::size_t at : place_of) tokens.add(tokens_[at]);
        const bool implied = strip_accents_ == "null" || (strip_accents_ == "true") == (letters_ != LetterCase::cased);
        if (!implied) refuse("normalizer/strip_accents", strip_accents_, "null or that of normalizer/lowercase");
        return {Vocabulary(std::move(tokens), added_.finish()), letters_};
    }

    static std::string place(std::string_view token) {
        return "model/vocab, token '" + printable(token, error_line_bytes) + "'";
    }

    /// Not a flag or a number.
    static bool is_word(std::string_view wanted) { return wanted != "true" && wanted != "100"; }

    static std::string spelling(const io::JsonScalar& scalar) {
        return scalar.string  ? (is_word(*scalar.string) ? *scalar.string : '"' + *scalar.string + '"')
               : scalar.whole ? std::to_string(*scalar.whole)
                              : std::string(scalar.other);
    }

    [[noreturn]] static void refuse(std::string_view path, std::string_view found, std::string_view wanted) {
        throw Error(Fault::unsupported, {.place = "field " + std::string(path),
                                         .found = found,
                                         .wanted = std::string(wanted),
                                         .remedy = "only BERT's WordPiece is read"});
    }

    Limits limits_;
    TokenList tokens_;  ///< in the file's order
    std::vector<std::size_t> ids_;
    AddedTokenList added_;
    std::optional<LetterCase> letters_;
    std::string strip_accents_ = "null";
    bool typed_ = false, normalised_ = false;
};

}  // namespace taxon::text
