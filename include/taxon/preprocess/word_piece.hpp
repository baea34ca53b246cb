#pragma once
#include <optional>
#include <string_view>

#include <taxon/core/text.hpp>
#include <taxon/policy/preprocess.hpp>
#include <taxon/text/tokenizer.hpp>

namespace taxon::preprocess {

/// Tokenization for BERT: WordPiece tokens of a cased or uncased vocabulary, at most MaxLength including the special
/// ones.
///
///     using Policy = preprocess::WordPiece<128, text::LetterCase::uncased>;
///     const auto vocabulary = text::read_vocabulary("vocab.txt");
///     text::Encoding encoding;
///     Policy::apply(vocabulary, "a text", std::nullopt, encoding);
///     text::pad_to(encoding, 128, vocabulary.pad());
template <int MaxLength, text::LetterCase Letters = text::LetterCase::uncased>
struct WordPiece {
    static_assert(MaxLength >= 3, "taxon: WordPiece: a pair needs at least 3 tokens, [CLS] and two [SEP]");

  private:
    static constexpr Text<64> made = [] {
        Text<64> words;
        words << "WordPiece<" << MaxLength << ", " << text::name_of(Letters) << ">";
        return words;
    }();

  public:
    static constexpr std::string_view name = made.view();
    static constexpr Takes takes = Takes::text;
    static constexpr int max_length = MaxLength;
    static constexpr text::LetterCase letter_case = Letters;

    /// Replaces the contents of `encoding`: 2 to MaxLength tokens, any bytes allowed in the texts.
    static void apply(const text::Vocabulary& vocabulary, std::string_view text, std::optional<std::string_view> pair,
                      text::Encoding& encoding) {
        text::Tokenizer(vocabulary, Letters).encode(text, pair, static_cast<std::size_t>(MaxLength), encoding);
    }
};

}  // namespace taxon::preprocess
