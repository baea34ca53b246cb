#include <taxon/text/plain_form.hpp>

#include "catch.hpp"

namespace {

std::u32string plain(std::u32string text) {
    taxon::text::PlainForm().apply(text);
    return text;
}

}  // namespace

TEST_CASE("a plain form has no accents and no capitals") {
    CHECK(plain(U"").empty());
    CHECK(plain(U"ABCxyz09") == U"abcxyz09");
    CHECK(plain(U"\u00c9\u00e8\u00f1\u00fc\u0130") == U"eenui");
    CHECK(plain(U"e\u0301\u0323") == U"e");
    CHECK(plain(U"\u0301") == U"");
    CHECK(plain(U"\u1e69\u01d6") == U"su");
    CHECK(plain(U"\u212b\u2126\u037e") == U"a\u03c9;");
    // canonical, not compatible: ligatures and digraphs stay
    CHECK(plain(U"\u00df\u1e9e\ufb01\u01c5") == U"\u00df\u00df\ufb01\u01c6");
    CHECK(plain(U"\u039f\u0394\u039f\u03a3") == U"\u03bf\u03b4\u03bf\u03c3");  // no final sigma
    CHECK(plain(U"\u304c") == U"\u304b");                                      // voiced kana are kana and a mark
    CHECK(plain(U"\uac01\ud55c") == U"\u1100\u1161\u11a8\u1112\u1161\u11ab");  // hangul becomes its letters
    CHECK(plain(U"\u0411\u0439") == U"\u0431\u0438");
}

TEST_CASE("spacing marks come in the order of their classes") {
    // Classes 216 and 226; the second mark, of class 230, goes.
    CHECK(plain(U"a\U0001D16D\u0301\U0001D165") == U"a\U0001D165\U0001D16D");
    CHECK(plain(U"\U0001D16Da\U0001D165") == U"\U0001D16Da\U0001D165");
    CHECK(plain(U"\u0f71\u302e\u302f") == U"\u302e\u302f");
}

TEST_CASE("a plain form is its own plain form") {
    taxon::text::PlainForm form;
    std::size_t wrong = 0;
    for (char32_t code = 0; code <= 0x10FFFF; ++code) {
        if (code >= 0xD800 && code <= 0xDFFF) continue;
        std::u32string once(1, code);
        form.apply(once);
        std::u32string twice = once;
        form.apply(twice);
        wrong += once != twice || once.size() > 4;
    }
    CHECK(wrong == 0);
}
