#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <taxon/core/error.hpp>
#include <taxon/text/encoding.hpp>
#include <taxon/text/vocabulary.hpp>
#include <taxon/text/words.hpp>

namespace taxon::text {

/// BERT's tokenizer: words, word pieces and special tokens. An object holds the scratch memory of one call at a time,
/// so each thread needs its own; the vocabulary is shared and must outlive it.
class Tokenizer {
  public:
    static constexpr std::size_t specials_of_one = 2, specials_of_pair = 3;

    Tokenizer(const Vocabulary& vocabulary, LetterCase letter_case) : vocabulary_(&vocabulary), words_(letter_case) {
        auto added = vocabulary.normalised();
        for (AddedToken& one : added) one.content = words_.normalised(one.content);
        std::erase_if(added, [](const AddedToken& one) { return one.content.empty(); });
        normalised_ = AddedTokens(std::move(added));
    }

    /// Appends a text's tokens. Added tokens are split off first, whatever stands beside them: [CLS], [SEP], [MASK],
    /// [UNK] and [PAD], spelled exactly so, and those of the vocabulary.
    void append(std::string_view text, std::vector<Vocabulary::Id>& ids) {
        const auto token = [&](Vocabulary::Id id) { ids.push_back(id); };
        const auto pieces = [&](std::string_view part) {
            words_.split(part, [&](std::string_view word, std::size_t characters) {
                vocabulary_->append_pieces(word, characters, ids);
            });
        };
        const auto part = [&](std::string_view given) {
            if (normalised_.empty()) return pieces(given);
            const std::string plain = words_.normalised(given);
            normalised_.split(plain, pieces, token);
        };
        vocabulary_->exact().split(text, part, token);
    }

    /// [CLS] text [SEP], or [CLS] text [SEP] pair [SEP], of at most `most` tokens, truncated by `longest_first`. An
    /// empty text has no tokens of its own. Replaces the contents of `to`. Throws Fault::usage if there is no room for
    /// the special tokens.
    void encode(std::string_view text, std::optional<std::string_view> pair, std::size_t most, Encoding& to) {
        const std::size_t specials = pair ? specials_of_pair : specials_of_one;
        if (most < specials)
            throw Error(Fault::usage, {.place = "sequence length",
                                       .found = std::to_string(most),
                                       .wanted = "at least " + std::to_string(specials) + ", for the special tokens"});
        to.ids.assign(1, vocabulary_->start());
        append(text, to.ids);
        second_.clear();
        if (pair) append(*pair, second_);
        const auto [first, second] = longest_first(to.ids.size() - 1, second_.size(), most - specials);
        to.left_out = to.ids.size() - 1 - first + second_.size() - second;
        to.ids.resize(1 + first);
        to.ids.push_back(vocabulary_->separator());
        to.token_type_ids.assign(to.ids.size(), 0);
        if (pair) {
            to.ids.insert(to.ids.end(), second_.begin(), second_.begin() + static_cast<std::ptrdiff_t>(second));
            to.ids.push_back(vocabulary_->separator());
            to.token_type_ids.resize(to.ids.size(), 1);
        }
        to.attention_mask.assign(to.ids.size(), 1);
    }

  private:
    const Vocabulary* vocabulary_;
    Words words_;
    AddedTokens normalised_;
    std::vector<Vocabulary::Id> second_;
};

}  // namespace taxon::text
