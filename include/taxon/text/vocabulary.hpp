#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <taxon/core/error.hpp>
#include <taxon/text/added_tokens.hpp>
#include <taxon/text/piece_trie.hpp>
#include <taxon/text/token_list.hpp>

namespace taxon::text {

/// The tokens of a WordPiece model, numbered from 0, and those added to them. Pieces that continue a word start with
/// "##". Immutable, so any number of threads may share one.
class Vocabulary {
  public:
    using Id = std::int32_t;

    /// Throws Fault::syntax for an empty token, ::duplicate (a token or an id twice), ::mismatch for an added token
    /// that has another id among the tokens, and ::missing if one of [PAD], [UNK], [CLS], [SEP], [MASK] is not there.
    explicit Vocabulary(TokenList tokens, std::vector<AddedToken> added = {})
        : tokens_(std::move(tokens)), pieces_(tokens_), continuing_(tokens_, "##"), added_(std::move(added)) {
        for (std::size_t i = 0; i < tokens_.size(); ++i)
            if (tokens_[i].empty())
                throw Error(Fault::syntax, {.place = place(i), .found = "an empty token", .wanted = "a token"});
        if (const Id twice = pieces_.repeated(); twice != PieceTrie::nothing) {
            const auto i = static_cast<std::size_t>(twice);
            throw Error(Fault::duplicate, {.place = place(i),
                                           .found = quoted(tokens_[i]) + ", which is token " +
                                                    std::to_string(pieces_.find(tokens_, tokens_[i])) + " as well",
                                           .wanted = "each token once"});
        }
        check_added();
        for (const auto& [name, id] : specials()) {
            *id = id_of(name);
            if (*id == PieceTrie::nothing)
                throw Error(Fault::missing,
                            {.place = "vocabulary",
                             .found = std::to_string(tokens_.size()) + " tokens without " + std::string(name),
                             .wanted = "[PAD], [UNK], [CLS], [SEP] and [MASK]",
                             .remedy = "take the vocab.txt that came with the model"});
        }
        std::vector<AddedToken> exact;
        for (const AddedToken& one : added_) (one.normalised ? normalised_ : exact).push_back(one);
        for (const auto& [name, id] : specials())
            if (std::none_of(added_.begin(), added_.end(),
                             [special = name](const auto& one) { return one.content == special; }))
                exact.push_back({.content = std::string(name), .id = *id});
        exact_ = AddedTokens(std::move(exact));
    }

    /// The number of tokens, without those added to them.
    std::size_t size() const { return tokens_.size(); }
    const TokenList& tokens() const { return tokens_; }

    /// All added tokens, by ascending id.
    const std::vector<AddedToken>& added() const { return added_; }
    /// Those that are searched for in the text as given, the special tokens among them.
    const AddedTokens& exact() const { return exact_; }
    /// Those that are searched for in the normalised text.
    const std::vector<AddedToken>& normalised() const { return normalised_; }

    /// One more than the highest id.
    std::size_t ids() const {
        return added_.empty() ? size() : std::max(size(), static_cast<std::size_t>(added_.back().id) + 1);
    }

    /// The token of an id; empty if there is none.
    std::string_view token(Id id) const {
        if (static_cast<std::size_t>(id) < tokens_.size()) return tokens_[static_cast<std::size_t>(id)];
        const auto found = std::lower_bound(added_.begin(), added_.end(), id,
                                            [](const AddedToken& one, Id wanted) { return one.id < wanted; });
        return found == added_.end() || found->id != id ? std::string_view() : found->content;
    }

    /// -1 for a string that is not a token.
    Id id_of(std::string_view token) const {
        if (const Id id = pieces_.find(tokens_, token); id != PieceTrie::nothing) return id;
        for (const AddedToken& one : added_)
            if (one.content == token) return one.id;
        return PieceTrie::nothing;
    }

    Id pad() const { return pad_; }
    Id unknown() const { return unknown_; }
    Id start() const { return start_; }          ///< [CLS]
    Id separator() const { return separator_; }  ///< [SEP]
    Id mask() const { return mask_; }

    /// Appends a word's pieces: the longest token that it starts with, and so on for the rest among those that start
    /// with "##". A word that cannot be split completely is [UNK] as a whole; so is one of more than 100 characters.
    void append_pieces(std::string_view word, std::size_t characters, std::vector<Id>& ids) const {
        constexpr std::size_t most_characters = 100;
        const std::size_t before = ids.size();
        for (const PieceTrie* trie = &pieces_; !word.empty() && characters <= most_characters; trie = &continuing_) {
            const auto [id, length] = trie->longest(tokens_, word);
            if (length == 0) break;
            ids.push_back(id);
            word.remove_prefix(length);
        }
        if (word.empty()) return;
        ids.resize(before);
        ids.push_back(unknown_);
    }

    /// Throws Fault::mismatch unless a model's embedding table of `rows` rows fits: one for each id, or more if they
    /// are padded to a multiple of 8, by fewer than 1,024 rows, as tables are for matrix units.
    void require_rows(std::size_t rows) const {
        const bool padded = rows > ids() && rows % 8 == 0 && rows - ids() < 1024;
        if (rows == ids() || padded) return;
        throw Error(Fault::mismatch, {.place = "vocabulary",
                                      .found = std::to_string(ids()) + " tokens",
                                      .wanted = std::to_string(rows) + ", one for each row of the model's embeddings",
                                      .remedy = "take the vocabulary that came with the model"});
    }

  private:
    static std::string place(std::size_t id) {
        return "token " + std::to_string(id) + " (line " + std::to_string(id + 1) + " of a vocab.txt)";
    }
    static std::string quoted(std::string_view token) { return "'" + printable(token, error_line_bytes) + "'"; }

    void check_added() {
        const auto refuse = [](const AddedToken& one, Fault fault, std::string found, std::string wanted) {
            throw Error(fault, {.place = "added token " + quoted(one.content),
                                .found = std::move(found),
                                .wanted = std::move(wanted)});
        };
        for (const AddedToken& one : added_) {
            if (one.content.empty()) refuse(one, Fault::syntax, "an empty token", "a token");
            const Id known = pieces_.find(tokens_, one.content);
            const bool is_new = static_cast<std::size_t>(one.id) >= tokens_.size();
            if (one.id < 0 || (known != PieceTrie::nothing && known != one.id) ||
                (known == PieceTrie::nothing && !is_new))
                refuse(one, Fault::mismatch, "id " + std::to_string(one.id),
                       known != PieceTrie::nothing ? std::to_string(known) + ", as in the vocabulary"
                                                   : std::to_string(tokens_.size()) + " or more, after the vocabulary");
        }
        const auto twice = [&](const auto& key) {
            std::sort(added_.begin(), added_.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
            const auto at = std::adjacent_find(added_.begin(), added_.end(),
                                               [&](const auto& a, const auto& b) { return key(a) == key(b); });
            if (at != added_.end())
                refuse(*at, Fault::duplicate, "id " + std::to_string(at->id) + " and " + quoted((at + 1)->content),
                       "each token and each id once");
        };
        twice([](const AddedToken& one) { return std::string_view(one.content); });
        twice([](const AddedToken& one) { return one.id; });
    }

    std::vector<std::pair<std::string_view, Id*>> specials() {
        return {{"[PAD]", &pad_}, {"[UNK]", &unknown_}, {"[CLS]", &start_}, {"[SEP]", &separator_}, {"[MASK]", &mask_}};
    }

    TokenList tokens_;
    PieceTrie pieces_, continuing_;
    std::vector<AddedToken> added_, normalised_;
    AddedTokens exact_;
    Id pad_ = 0, unknown_ = 0, start_ = 0, separator_ = 0, mask_ = 0;
};

}  // namespace taxon::text
