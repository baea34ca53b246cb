#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <taxon/io/json_scalars.hpp>
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
    /// 2 …), and as `Vocabulary` and io::JsonReader do.
    static StoredVocabulary read(std::string_view text) {
        TokenizerJson tokenizer;
        io::for_each_json_scalar(text, "tokenizer.json", [&](io::JsonScalar&& scalar) { tokenizer.see(scalar); });
        return tokenizer.finish();
    }

  private:
    struct Setting {
        std::string_view path, wanted;
    };

    void see(const io::JsonScalar& scalar) {
        if (scalar.folder == "model/vocab/") return add(scalar);
        if (scalar.is("normalizer/lowercase"))
            letters_ = spelling(scalar) == "true" ? LetterCase::uncased : LetterCase::cased;
        if (scalar.is("normalizer/strip_accents")) strip_accents_ = spelling(scalar);
        if (scalar.folder.starts_with("added_tokens/") && scalar.key == "content")
            added_.push_back(scalar.string.value_or(""));
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
            if (scalar.is(path) && spelling(scalar) != wanted) refuse(path, spelling(scalar), wanted);
    }

    void add(const io::JsonScalar& scalar) {
        if (!scalar.whole || *scalar.whole > PieceTrie::most_nodes)
            throw Error(Fault::type, {.place = "model/vocab, token '" + std::string(scalar.key) + "'",
                                      .found = spelling(scalar),
                                      .wanted = "its id"});
        entries_.emplace_back(static_cast<std::size_t>(*scalar.whole), scalar.key);
    }

    StoredVocabulary finish() {
        if (!typed_ || !normalised_)
            throw Error(Fault::missing, {.place = "tokenizer.json",
                                         .found = typed_ ? "no normalizer" : "no model",
                                         .wanted = "a WordPiece model and BertNormalizer"});
        std::vector<std::string> tokens(entries_.size());
        for (auto& [id, token] : entries_) {
            if (id >= tokens.size())
                throw Error(Fault::bounds,
                            {.place = "model/vocab, token '" + token + "'",
                             .found = "id " + std::to_string(id),
                             .wanted = "ids below " + std::to_string(tokens.size()) + ", the number of tokens"});
            if (!tokens[id].empty())
                throw Error(Fault::duplicate,
                            {.place = "model/vocab, token '" + token + "'",
                             .found = "id " + std::to_string(id) + ", which '" + tokens[id] + "' has as well",
                             .wanted = "each id once"});
            tokens[id] = std::move(token);
        }
        const bool implied = strip_accents_ == "null" || (strip_accents_ == "true") == (letters_ != LetterCase::cased);
        if (!implied) refuse("normalizer/strip_accents", strip_accents_, "null or that of normalizer/lowercase");
        StoredVocabulary stored{Vocabulary(std::move(tokens)), letters_};
        for (const std::string& token : added_)
            if (stored.vocabulary.special_at(token).length != token.size() || token.empty())
                refuse("added_tokens", "'" + token + "'", "none but [PAD], [UNK], [CLS], [SEP] and [MASK]");
        return stored;
    }

    static std::string spelling(const io::JsonScalar& scalar) {
        return scalar.string  ? *scalar.string
               : scalar.whole ? std::to_string(*scalar.whole)
                              : std::string(scalar.other);
    }

    [[noreturn]] static void refuse(std::string_view path, std::string_view found, std::string_view wanted) {
        throw Error(Fault::unsupported, {.place = "field " + std::string(path),
                                         .found = found,
                                         .wanted = std::string(wanted),
                                         .remedy = "only BERT's WordPiece is read"});
    }

    std::vector<std::pair<std::size_t, std::string>> entries_;
    std::vector<std::string> added_;
    std::optional<LetterCase> letters_;
    std::string strip_accents_ = "null";
    bool typed_ = false, normalised_ = false;
};

}  // namespace taxon::text
