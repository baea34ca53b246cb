#include <taxon/core/printable.hpp>

#include <taxon/core/error.hpp>
#include <taxon/io/utf8.hpp>

#include "catch.hpp"

using namespace taxon;

namespace {

bool is_fit_for_a_screen(std::string_view text) {
    if (!io::is_utf8(text)) return false;
    for (std::size_t at = 0; at < text.size();)
        if (is_unprintable(take_code_point(text, at))) return false;
    return true;
}

}  // namespace

TEST_CASE("A16: what would control a terminal, break a line, turn a text round or hide becomes a question mark") {
    CHECK(printable("a\x1b[2Jb\x7f") == "a?[2Jb?");
    CHECK(printable("one\ttwo\r\nthree") == "one two  three");
    CHECK(printable("\xC2\x9B"
                    "31m") == "?31m");                                            // C1's CSI
    CHECK(printable("\xE2\x80\xAEgpj.exe\xE2\x81\xA6\xD8\x9C") == "?gpj.exe??");  // bidirectional controls
    CHECK(printable("a\xE2\x80\xA8"
                    "b\xEF\xBB\xBF") == "a?b?");
    CHECK(printable("\xFF\xC0\x80\xED\xA0\x80") == "??????");  // not UTF-8
    CHECK(printable(std::string_view("\0", 1)) == "?");
    CHECK(printable("naïve 東京 😀") == "naïve 東京 😀");
}

TEST_CASE("A16: a long text keeps its ends, between characters") {
    const std::string name = "a" + std::string(1'000'000, 'x') + "z";
    CHECK(printable(name, 10) == "ax…xz");
    CHECK(printable("0123456789", 10) == "0123456789");
    for (std::size_t most = 6; most < 40; ++most)
        for (const char* letter : {"é", "東", "😀", "\x80", "\xF0", "\x1b"}) {
            std::string text;
            for (int i = 0; i < 100; ++i) text += letter;
            CHECK(printable(text, most).size() <= most);
            CHECK(is_fit_for_a_screen(printable(text, most)));
        }
}

TEST_CASE("A16: the line of every error is printable and short, whatever a file holds") {
    const std::string long_name(2'000'000, 'n'), hostile = "\x1b]0;owned\x07\xC2\x9B\xE2\x80\xAE\xFF";
    for (const std::string& text : {long_name, hostile}) {
        const Error all(Fault::unsupported,
                        {.file = text, .place = text, .found = text, .wanted = text, .remedy = text});
        CHECK(std::string_view(all.what()).size() <= error_line_bytes);
        CHECK(is_fit_for_a_screen(all.what()));
        CHECK(all.facts().file == text);  // a caller's own
        CHECK(all.facts().found.size() <= error_line_bytes);
        CHECK(is_fit_for_a_screen(all.facts().found));
    }
}

TEST_CASE("A16: of an error's parts, only the longest are cut") {
    const std::string line =
        Error(Fault::duplicate, {.file = "vocab.txt",
                                 .place = "token 7 (line 8 of a vocab.txt)",
                                 .found = "'" + std::string(60'000, 'a') + "', which is token 3 as well",
                                 .wanted = "each token once",
                                 .remedy = "remove one"})
            .what();
    CHECK(line.starts_with("vocab.txt: token 7 (line 8 of a vocab.txt): [duplicate] found 'aaaa"));
    CHECK(line.ends_with("aaaa', which is token 3 as well, wanted each token once; remove one"));
    CHECK(line.size() > error_line_bytes - 20);
}
