#include <taxon/io/crc32.hpp>

#include <string>

#include "catch.hpp"

namespace {

std::uint32_t crc_of(const std::string& text) { return taxon::io::Crc32::of(std::as_bytes(std::span(text))); }

std::uint32_t crc_bit_by_bit(const std::string& text) {
    std::uint32_t remainder = 0xFFFFFFFFu;
    for (const char c : text) {
        remainder ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) remainder = (remainder >> 1) ^ ((remainder & 1u) != 0 ? 0xEDB88320u : 0u);
    }
    return ~remainder;
}

}  // namespace

TEST_CASE("Crc32 has the check value of its catalogue entry") {
    CHECK(crc_of("123456789") == 0xCBF43926u);
    CHECK(crc_of("") == 0u);
}

TEST_CASE("Crc32 equals the definition at every length and alignment") {
    std::string text;
    for (int i = 0; i < 100; ++i) text += static_cast<char>(i * 37 + 11);
    for (std::size_t start = 0; start < 17; ++start)
        for (std::size_t length = 0; start + length <= text.size(); ++length) {
            const std::string_view part = std::string_view(text).substr(start, length);
            REQUIRE(taxon::io::Crc32::of(std::as_bytes(std::span(part))) == crc_bit_by_bit(std::string(part)));
        }
}
