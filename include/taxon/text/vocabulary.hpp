#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <taxon/core/error.hpp>
#include <taxon/text/piece_trie.hpp>

namespace taxon::text {

/// The tokens of a WordPiece model, numbered from 0. Pieces that continue a word start with "##". Immutable, so any
/// number of threads may share one.
class Vocabulary {
  public:
    using Id = std::int32_t;

    /// Throws Fault::syntax for an empty token, ::duplicate, ::limit, and ::missing if one of [PAD], [UNK], [CLS],
    /// [SEP], [MASK] is not there.
    explicit Vocabulary(std::vector<std::string> tokens) : tokens_(std::move(tokens)) {
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            if (tokens_[i].empty())
                throw Error(Fault::syntax, {.place = place(i), .found = "an empty token", .wanted = "a token"});
            if (const Id first = pieces_.insert(tokens_[i], static_cast<Id>(i)); first != PieceTrie::nothing)
                throw Error(Fault::duplicate,
                            {.place = place(i),
                             .found = "'" + tokens_[i] + "', which is token " + std::to_string(first) + " as well",
                             .wanted = "each token once"});
        }
        continuing_ = pieces_.find("##");
        for (const auto& [name, id] : specials()) {
            *id = id_of(name);
            if (*id == PieceTrie::nothing)
                throw Error(Fault::missing,
                            {.place = "vocabulary",
                             .found = std::to_string(tokens_.size()) + " tokens without " + std::string(name),
                             .wanted = "[PAD], [UNK], [CLS], [SEP] and [MASK]",
                             .remedy = "take the vocab.txt that came with the model"});
        }
    }

    std::size_t size() const { return tokens_.size(); }
    const std::string& token(Id id) const { return tokens_.at(static_cast<std::size_t>(id)); }
    std::span<const std::string> tokens() const { return tokens_; }

    /// -1 for a string that is not a token.
    Id id_of(std::string_view token) const {
        return token.empty() ? PieceTrie::nothing : pieces_.number_at(pieces_.find(token));
    }

    Id pad() const { return pad_; }
    Id unknown() const { return unknown_; }
    Id start() const { return start_; }          ///< [CLS]
    Id separator() const { return separator_; }  ///< [SEP]
    Id mask() const { return mask_; }

    /// The special token that `text` starts with, and its length in bytes; -1 if there is none.
    PieceTrie::Match special_at(std::string_view text) const {
        for (const auto& [name, id] : {std::pair{"[CLS]", start_},
                                       {"[SEP]", separator_},
                                       {"[MASK]", mask_},
                                       {"[UNK]", unknown_},
                                       {"[PAD]", pad_}})
            if (text.starts_with(name)) return {id, std::string_view(name).size()};
        return {};
    }

    /// Appends a word's pieces: the longest token that it starts with, and so on for the rest among those that start
    /// with "##". A word that cannot be split completely is [UNK] as a whole; so is one of more than 100 characters.
    void append_pieces(std::string_view word, std::size_t characters, std::vector<Id>& ids) const {
        constexpr std::size_t most_characters = 100;
        const std::size_t before = ids.size();
        PieceTrie::Node from = PieceTrie::root;
        while (!word.empty() && characters <= most_characters) {
            const auto [id, length] = from == PieceTrie::nowhere ? PieceTrie::Match{} : pieces_.longest(from, word);
            if (length == 0) break;
            ids.push_back(id);
            word.remove_prefix(length);
            from = continuing_;
        }
        if (word.empty()) return;
        ids.resize(before);
        ids.push_back(unknown_);
    }

    /// Throws Fault::mismatch unless a model's embedding table of `rows` rows fits.
    void require_rows(std::size_t rows) const {
        if (rows != size())
            throw Error(Fault::mismatch,
                        {.place = "vocabulary",
                         .found = std::to_string(size()) + " tokens",
                         .wanted = std::to_string(rows) + ", one for each row of the model's embeddings",
                         .remedy = "take the vocab.txt that came with the model"});
    }

  private:
    static std::string place(std::size_t id) {
        return "token " + std::to_string(id) + " (line " + std::to_string(id + 1) + " of a vocab.txt)";
    }

    std::vector<std::pair<std::string_view, Id*>> specials() {
        return {{"[PAD]", &pad_}, {"[UNK]", &unknown_}, {"[CLS]", &start_}, {"[SEP]", &separator_}, {"[MASK]", &mask_}};
    }

    std::vector<std::string> tokens_;
    PieceTrie pieces_;
    PieceTrie::Node continuing_ = PieceTrie::nowhere;
    Id pad_ = 0, unknown_ = 0, start_ = 0, separator_ = 0, mask_ = 0;
};

}  // namespace taxon::text
