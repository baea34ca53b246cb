#include <taxon/preprocess/word_piece.hpp>

#include "catch.hpp"
#include "text/small_vocabulary.hpp"

using namespace taxon;
using Uncased = preprocess::WordPiece<8>;
using Cased = preprocess::WordPiece<8, text::LetterCase::cased>;

static_assert(Preprocess<Uncased> && TextPreprocess<Cased> && !PicturePreprocess<Uncased>);
static_assert(Uncased::takes == preprocess::Takes::text && Uncased::max_length == 8 &&
              Cased::letter_case == text::LetterCase::cased);
static_assert(Uncased::name == "WordPiece<8, uncased>" && Cased::name == "WordPiece<8, cased>");

TEST_CASE("the WordPiece policy makes at most its length of tokens, cased or not") {
    text::Encoding encoding;
    Uncased::apply(small_vocabulary(), "The CAT", "Cats", encoding);
    CHECK(spelt(encoding.ids) == "[CLS] the cat [SEP] cat ##s [SEP]");
    CHECK(encoding.token_type_ids == std::vector<std::int32_t>{0, 0, 0, 0, 1, 1, 1});
    Cased::apply(small_vocabulary(), "The CAT", std::nullopt, encoding);
    CHECK(spelt(encoding.ids) == "[CLS] The [UNK] [SEP]");
    Cased::apply(small_vocabulary(), "a b c a b c a b c", std::nullopt, encoding);
    CHECK(encoding.size() == 8);
    text::pad_to(encoding, 10, small_vocabulary().pad());
    CHECK(spelt(encoding.ids) == "[CLS] a b c a b c [SEP] [PAD] [PAD]");
}
