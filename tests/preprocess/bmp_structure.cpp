#include <taxon/preprocess/bmp_structure.hpp>

#include <taxon/preprocess/image_file.hpp>

#include <algorithm>

#include "catch.hpp"
#include "preprocess/picture_bytes.hpp"

using namespace picture_bytes;
using taxon::Fault;
using taxon::preprocess::read_bmp_structure;

TEST_CASE("a BMP states its size, whichever way its rows go") {
    for (const std::uint32_t height : {2u, 0u - 2u}) {
        const auto facts = read_bmp_structure(bmp(2, height, 24, {}, Data(16))).facts;
        CHECK((facts.width == 2 && facts.height == 2 && facts.trailing_bytes == 0));
    }
}

TEST_CASE("kinds of BMP that are not read say so") {
    const auto refusal = [](const Data& data) { return fault_of([&] { read_bmp_structure(data); }); };
    CHECK(refusal(bmp(1, 1, 16, {}, Data(4))) == Fault::unsupported);
    CHECK(refusal(bmp(1, 1, 8, Data(8), Data(4), 1)) == Fault::unsupported);
    CHECK(refusal(bmp(1, 1, 32, {}, Data(4), 3)) == Fault::unsupported);
    CHECK(refusal(with(bmp(1, 1, 24, {}, Data(4)), 14, {64})) == Fault::unsupported);
    CHECK(refusal(with(bmp(1, 1, 24, {}, Data(4)), 10, {53})) == Fault::syntax);
    CHECK(refusal(with(bmp(1, 1, 24, {}, Data(4)), 10, {59})) == Fault::truncated);
    CHECK(refusal(bmp(1, 1, 8, {}, Data(4))) == Fault::syntax);
    CHECK(refusal(bmp(1, 1, 8, Data(8), bytes_of({2, 0, 0, 0}))) == Fault::value);
    CHECK(refusal(bmp(2, 1, 4, Data(8), bytes_of({0x12, 0, 0, 0}))) == Fault::value);
}

TEST_CASE("the old header of a BMP, of 12 bytes, and the newer ones are read") {
    const auto with_header = [](std::uint32_t header, const Data& rest, const Data& palette, const Data& rows) {
        Data made = text_bytes("BM");
        made += little_endian(0), made += little_endian(0);
        made += little_endian(static_cast<std::uint32_t>(14 + header + palette.size()));
        made += little_endian(header);
        made += rest;
        made.resize(14 + header);
        made += palette, made += rows;
        return made;
    };
    const auto sizes = [](std::uint32_t width, std::uint32_t height, int number, std::uint32_t bits) {
        Data made = little_endian(width, number);
        made += little_endian(height, number);
        made += little_endian(1, 2), made += little_endian(bits, 2);
        return made;
    };
    const Data row = bytes_of({3, 2, 1, 6, 5, 4, 0, 0});
    const std::vector<std::uint8_t> two{1, 2, 3, 4, 5, 6};
    CHECK(taxon::decode_image(with_header(12, sizes(2, 1, 2, 24), {}, row), "").pixels == two);
    const Data three_bytes_a_colour = bytes_of({3, 2, 1, 6, 5, 4});
    CHECK(taxon::decode_image(with_header(12, sizes(2, 1, 2, 1), three_bytes_a_colour, bytes_of({0x40, 0, 0, 0})), "")
              .pixels == two);
    for (const std::uint32_t header : {40u, 56u, 108u, 124u}) {
        INFO(header);
        CHECK(taxon::decode_image(with_header(header, sizes(2, 1, 4, 24), {}, row), "").pixels == two);
    }
}

TEST_CASE("A24: a gap between a BMP's header, or its palette, and the pixels is passed over", "[cases]") {
    const auto levels = [](Data file, std::uint32_t pixels_at) {
        const Data offset = little_endian(pixels_at);
        std::copy(offset.begin(), offset.end(), file.begin() + 10);
        return taxon::decode_image(file, "gap.bmp").pixels;
    };
    const Data row = bytes_of({3, 2, 1, 6, 5, 4, 0, 0});
    for (const std::size_t gap : {1u, 2u, 68u, 5000u}) {
        Data gap_and_row(gap, std::byte{77});
        gap_and_row += row;
        CHECK(levels(bmp(2, 1, 24, {}, gap_and_row), static_cast<std::uint32_t>(54 + gap)) ==
              std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6});
        // 256 colours, of which those that the header counts are given
        Data colours(4 * 256, std::byte{9}), indices(gap, std::byte{77});
        indices += bytes_of({0, 255, 0, 0});
        CHECK(levels(bmp(2, 1, 8, colours, indices), static_cast<std::uint32_t>(54 + 1024 + gap)) ==
              std::vector<std::uint8_t>(6, 9));
    }
    Data counted = bmp(1, 1, 8, bytes_of({3, 2, 1, 0, 77, 77, 77, 77}), bytes_of({1, 0, 0, 0}));
    CHECK(taxon::decode_image(counted, "").pixels == std::vector<std::uint8_t>{77, 77, 77});
    counted[46] = std::byte{1};  // one colour, and a gap of four bytes
    CHECK(fault_of([&] { read_bmp_structure(counted); }) == Fault::value);
}
