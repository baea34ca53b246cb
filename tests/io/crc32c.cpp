#include <taxon/io/crc32c.hpp>

#include <random>
#include <string>

#include "catch.hpp"
#include "io/checkpoint_writer.hpp"

using namespace taxon;
using namespace taxon::test;
using io::Crc32c;

TEST_CASE("Crc32c has the check value of its catalogue entry and those of RFC 3720") {
    const auto of = [](const std::string& bytes) {
        CHECK(Crc32c::by_table(as_span(bytes)) == Crc32c::of(as_span(bytes)));
        return Crc32c::of(as_span(bytes));
    };
    std::string rising, falling;
    for (char i = 0; i < 32; ++i) rising += i, falling += static_cast<char>(31 - i);
    CHECK(of("123456789") == 0xE3069283u);
    CHECK(of("") == 0u);
    CHECK(of(std::string(32, '\0')) == 0x8A9136AAu);
    CHECK(of(std::string(32, '\xFF')) == 0x62A8AB43u);
    CHECK(of(rising) == 0x46DD794Eu);
    CHECK(of(falling) == 0x113FDB5Cu);
}

TEST_CASE("Crc32c is the same by instruction and by table at every alignment and random lengths") {
    std::mt19937 random(1);
    std::string bytes(5000, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    for (std::size_t start = 0; start < 17; ++start)
        for (std::size_t i = 0; i < 100; ++i) {
            const std::size_t length = i < 40 ? i : random() % (bytes.size() - start);
            const auto part = as_span(bytes).subspan(start, length);
            REQUIRE(Crc32c::of(part) == Crc32c::by_table(part));
        }
}
