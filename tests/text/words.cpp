#include <taxon/text/words.hpp>

#include <random>
#include <taxon/io/utf8.hpp>
#include <vector>

#include "catch.hpp"

using taxon::text::LetterCase;

namespace {

std::string words_of(std::string_view text, LetterCase letter_case) {
    taxon::text::Words words(letter_case);
    std::string all;
    words.split(text, [&](std::string_view word, std::size_t) { all.append(all.empty() ? "" : "|").append(word); });
    return all;
}

}  // namespace

TEST_CASE("a text is split as BERT splits it") {
    struct Example {
        std::string text, uncased, cased;
    };
    const std::vector<Example> examples{
        {"", "", ""},
        {" \t\n\r\u00a0\u3000", "", ""},
        {"Hello, World!", "hello|,|world|!", "Hello|,|World|!"},
        {"don't a.b@c", "don|'|t|a|.|b|@|c", "don|'|t|a|.|b|@|c"},
        {"$5.99 50% #tag", "$|5|.|99|50|%|#|tag", "$|5|.|99|50|%|#|tag"},
        {"ab中文cd", "ab|中|文|cd", "ab|中|文|cd"},
        {"中\u0301", "中", "中|\u0301"},
        {"Café É cafe\u0301", "cafe|e|cafe", "Café|É|cafe\u0301"},
        {"e\u200b\u0301x a\u00adb", "ex|ab", "e\u0301x|ab"},
        {"«Σ»…x", "«|σ|»|…|x", "«|Σ|»|…|x"},
        {"a\u037eB", "a|;|b", "a|\u037e|B"},
        {"€5 ±", "€5|±", "€5|±"},
        {"\ufffd\ue000", "", ""},
        {std::string("a\0b\x7f", 4) + "c", "abc", "abc"},
        {"a\xff\xfe"
         "b \xe4\xb8",
         "ab", "ab"},
        {"\uac01", "\u1100\u1161\u11a8", "\uac01"},
    };
    for (const auto& [text, uncased, cased] : examples) {
        INFO(text);
        CHECK(words_of(text, LetterCase::uncased) == uncased);
        CHECK(words_of(text, LetterCase::cased) == cased);
    }
}

TEST_CASE("words of any bytes are UTF-8, not empty, counted, and split into themselves") {
    std::mt19937 dice(4);
    const std::vector<std::string> parts{"a",      "B",    " ",    ".",      "\u00e9", "\u0301", "中",         "\u2014",
                                         "\u00ad", "\xff", "\xc3", "\u0130", "\ue000", "\uac01", "\U0001F600", "x"};
    for (const LetterCase letter_case : {LetterCase::uncased, LetterCase::cased}) {
        taxon::text::Words words(letter_case), again(letter_case);
        std::size_t wrong = 0, seen = 0;
        for (int round = 0; round < 20000; ++round) {
            std::string text;
            for (auto i = dice() % 12; i > 0; --i)
                text +=
                    dice() % 4 == 0 ? std::string(1, static_cast<char>(dice() % 256)) : parts[dice() % parts.size()];
            words.split(text, [&](std::string_view word, std::size_t characters) {
                ++seen;
                std::size_t starts = 0, parts_of_word = 0;
                for (const char c : word) starts += (static_cast<unsigned char>(c) & 0xC0u) != 0x80;
                again.split(word, [&](std::string_view part, std::size_t) { parts_of_word += part == word; });
                wrong += word.empty() || !taxon::io::is_utf8(word) || characters != starts || parts_of_word != 1;
            });
        }
        CHECK(wrong == 0);
        CHECK(seen > 20000);
    }
}
