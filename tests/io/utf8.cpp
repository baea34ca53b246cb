#include <taxon/io/utf8.hpp>

#include <string>

#include "catch.hpp"

namespace {

/// By decoding: the lengths and ranges of RFC 3629.
bool decodes(const std::string& text) {
    for (std::size_t i = 0; i < text.size();) {
        const unsigned lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 0;
        if (length == 0 || i + length > text.size()) return false;
        unsigned code = length == 1 ? lead : lead & (0x7Fu >> length);
        for (std::size_t k = 1; k < length; ++k) {
            const unsigned next = static_cast<unsigned char>(text[i + k]);
            if (next >> 6 != 2) return false;
            code = code << 6 | (next & 63);
        }
        const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
        if (code < least[length] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return false;
        i += length;
    }
    return true;
}

}  // namespace

TEST_CASE("is_utf8 judges as a decoder does") {
    const unsigned char edges[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF,
                                   0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};
    std::size_t wrong = 0;
    for (const unsigned char a : edges)
        for (const unsigned char b : edges)
            for (const unsigned char c : edges)
                for (const unsigned char d : edges) {
                    const std::string text{static_cast<char>(a), static_cast<char>(b), static_cast<char>(c),
                                           static_cast<char>(d)};
                    for (std::size_t length = 1; length <= 4; ++length)
                        wrong += taxon::io::is_utf8(text.substr(0, length)) != decodes(text.substr(0, length));
                }
    CHECK(wrong == 0);
    STATIC_REQUIRE(taxon::io::is_utf8("plain"));
}
