#include <taxon/text/character_kind.hpp>

#include <string>

#include "catch.hpp"

using namespace taxon::text;

namespace {

bool all_are(std::u32string_view codes, CharacterKind kind) {
    for (const char32_t code : codes)
        if (kind_of(code) != kind) return false;
    return !codes.empty();
}

}  // namespace

TEST_CASE("characters are of BERT's kinds") {
    CHECK(all_are(U" \t\n\r\u00a0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000", CharacterKind::space));
    CHECK(all_are(std::u32string(1, U'\0') +
                      U"\u0001\u000b\u000c\u001f\u007f\u0085\u009f\u00ad\u200b\u200d\u200e\ufeff\ufffd\ue000\U000F0000",
                  CharacterKind::removed));
    CHECK(all_are(U"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", CharacterKind::punctuation));
    CHECK(all_are(U"\u00a1\u00a7\u00ab\u00b6\u00b7\u00bb\u00bf\u2014\u2018\u2019\u201c\u2026\u3001\u3002\uff01\u037e",
                  CharacterKind::punctuation));
    CHECK(all_are(U"\u203f\u2045\u2046\u0f3c\u300d", CharacterKind::punctuation));  // connecting, opening, closing
    CHECK(all_are(U"\u3400\u4dbf\u4e00\u9fff\uf900\ufaff\U00020000\U0002A6DF\U0002A700\U0002B73F\U0002B740\U0002B81F"
                  U"\U0002B820\U0002CEAF\U0002F800\U0002FA1F",
                  CharacterKind::ideograph));
    // Currency, mathematics and pictures are no punctuation beyond ASCII; kana, hangul and marks are letters; so is
    // what Unicode has not assigned.
    CHECK(all_are(U"aZ09\u00e9\u00df\u0301\u20ac\u00b1\u2122\u00a9\u3042\u30a2\uac00\U0001F600\u0378\uffff",
                  CharacterKind::letter));
}

TEST_CASE("words have letters, marks, digits, connectors and joiners, as in regular expressions") {
    // upper, lower and title case, modifiers, others, marks of all kinds, digits, Roman numbers, a connector, joiners
    for (const char32_t code : U"A\u00e9\u01c5\u02b0\u05d0\u0301\u0903\u20dd\u0669\u2160_\u203f\u200c\u200d")
        if (code != 0) CHECK(is_of_word(code));
    for (const char32_t code : U" -.\u00a0\u2014\u20ac\u00b2\u200b")
        if (code != 0) CHECK(!is_of_word(code));
}
