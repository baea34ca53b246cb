#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <taxon/text/character_kind.hpp>
#include <taxon/text/piece_trie.hpp>
#include <taxon/text/token_list.hpp>

namespace taxon::text {

/// A token at which texts are split before they are split into words, as listed in tokenizer.json. White space beside
/// it (lstrip, rstrip) makes no difference to BERT.
struct AddedToken {
    std::string content;
    std::int32_t id = 0;
    bool single_word = false;  ///< not beside a letter, a mark, a digit or an underscore
    bool normalised = false;   ///< searched for after normalisation, not in the text as given
    bool operator==(const AddedToken&) const = default;
};

/// Tokens at which texts are split: the leftmost match first, and of those that start at one place the longest.
class AddedTokens {
  public:
    AddedTokens() = default;
    explicit AddedTokens(std::vector<AddedToken> tokens) : tokens_(std::move(tokens)) {
        for (const AddedToken& one : tokens_) contents_.add(one.content);
        trie_ = PieceTrie(contents_);
    }

    bool empty() const { return tokens_.empty(); }

    /// Passes the text's parts in order: see_text(std::string_view) between tokens, not empty, and see_token(id).
    template <class SeeText, class SeeToken>
    void split(std::string_view text, SeeText&& see_text, SeeToken&& see_token) const {
        std::size_t from = 0;
        for (std::size_t at = 0; at < text.size();) {
            while (at < text.size() && !trie_.starts_with(text[at])) ++at;
            const auto [number, length] = trie_.longest(contents_, text.substr(at));
            if (length == 0) {
                ++at;
                continue;
            }
            const AddedToken& token = tokens_[static_cast<std::size_t>(number)];
            const std::size_t end = at + length;
            if (!token.single_word || (!ends_in_word(text.substr(0, at)) && !starts_with_word(text.substr(end)))) {
                if (from < at) see_text(text.substr(from, at - from));
                see_token(token.id);
                from = end;
            }
            at = end;
        }
        if (from < text.size()) see_text(text.substr(from));
    }

  private:
    static bool starts_with_word(std::string_view text) {
        std::size_t at = 0;
        return !text.empty() && is_of_word(take_code_point(text, at));
    }
    static bool ends_in_word(std::string_view text) {
        if (text.empty()) return false;
        std::size_t at = text.size() - 1;
        for (int step = 0; step < 3 && at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0u) == 0x80u; ++step) --at;
        return is_of_word(take_code_point(text, at));
    }

    std::vector<AddedToken> tokens_;
    TokenList contents_;
    PieceTrie trie_;
};

}  // namespace taxon::text
