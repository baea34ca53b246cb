#include <taxon/core/code_point.hpp>

#include <random>
#include <taxon/io/utf8.hpp>

#include "catch.hpp"

using namespace taxon;

namespace {

std::u32string read(std::string_view text) {
    std::u32string codes;
    for (std::size_t at = 0; at < text.size();) codes.push_back(take_code_point(text, at));
    return codes;
}

}  // namespace

TEST_CASE("every character of Unicode is read as it was written") {
    std::size_t wrong = 0;
    for (char32_t code = 0; code <= 0x10FFFF; ++code) {
        if (code >= 0xD800 && code <= 0xDFFF) continue;
        std::string text;
        append_code_point(text, code);
        wrong += !taxon::io::is_utf8(text) || read(text) != std::u32string(1, code);
    }
    CHECK(wrong == 0);
}

TEST_CASE("malformed bytes become U+FFFD as in Unicode's table 3-8") {
    const std::u32string bad(1, replacement);
    CHECK(read("\x80") == bad);
    CHECK(read("\xC3") == bad);
    CHECK(read("\xC0\xAF") == bad + bad);
    CHECK(read("\xE0\x9F\x80") == bad + bad + bad);
    CHECK(read("\xED\xA0\x80") == bad + bad + bad);
    CHECK(read("\xF4\x90\x80\x80") == bad + bad + bad + bad);
    CHECK(read("\xFF") == bad);
    CHECK(read("\xE2\x82"
               "a") == bad + U"a");
    CHECK(read("\xF0\x9F\x98"
               "\xC3\xA9") == bad + U"\u00e9");
    CHECK(read("a\xF1\x80\x80\xE1\x80\xC2"
               "b\x80"
               "c\x80\xBF"
               "d") == U"a" + bad + bad + bad + U"b" + bad + U"c" + bad + bad + U"d");
}

TEST_CASE("any bytes are read to the end, and without U+FFFD only if they are UTF-8") {
    std::mt19937 dice(3);
    std::size_t wrong = 0;
    for (int round = 0; round < 20000; ++round) {
        std::string text(dice() % 8, '\0');
        for (char& c : text) c = static_cast<char>(dice() % 3 == 0 ? dice() % 128 : 0x80 + dice() % 128);
        const auto codes = read(text);
        std::string again;
        for (const char32_t code : codes) append_code_point(again, code);
        wrong += taxon::io::is_utf8(text) ? again != text : codes.find(replacement) == codes.npos;
    }
    CHECK(wrong == 0);
}
