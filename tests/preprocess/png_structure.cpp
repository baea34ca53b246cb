#include <taxon/preprocess/png_structure.hpp>

#include "catch.hpp"
#include "preprocess/picture_bytes.hpp"

using namespace picture_bytes;
using taxon::Fault;
using taxon::preprocess::read_png_structure;

TEST_CASE("a PNG is taken apart: header, palette, and the pixel chunks joined") {
    const Data packed = stored(bytes_of({0, 1, 0}));
    const auto half = packed.begin() + 5;
    const auto png =
        png_of({png_header(2, 1, 8, 3), chunk("PLTE", bytes_of({1, 2, 3, 4, 5, 6})),
                chunk("IDAT", Data(packed.begin(), half)), chunk("IDAT", {}), chunk("IDAT", Data(half, packed.end()))});
    const auto structure = read_png_structure(png);
    CHECK((structure.facts.width == 2 && structure.facts.height == 1 && structure.depth == 8 && structure.colour == 3));
    CHECK(structure.palette.size() == 6);
    CHECK(structure.packed == packed);
    CHECK(structure.unpacked_bytes == 3);
}

TEST_CASE("the pixels' bytes follow from size, depth, colour and interlace") {
    using taxon::preprocess::detail::png_unpacked_bytes;
    CHECK(png_unpacked_bytes(3, 2, 1, false) == 2 * (1 + 1));
    CHECK(png_unpacked_bytes(9, 2, 1, false) == 2 * (1 + 2));
    CHECK(png_unpacked_bytes(5, 4, 24, false) == 4 * (1 + 15));
    CHECK(png_unpacked_bytes(1, 1, 8, true) == 2);
    // 8 x 8 in Adam7: passes of 1x1, 1x1, 2x1, 2x2, 4x2, 4x4, 8x4 pixels.
    CHECK(png_unpacked_bytes(8, 8, 8, true) == 2 + 2 + 3 + 2 * 3 + 2 * 5 + 4 * 5 + 4 * 9);
}

TEST_CASE("malformed headers and palettes are refused") {
    const auto refusal = [](const std::vector<Data>& chunks) {
        return fault_of([&] { read_png_structure(png_of(chunks)); });
    };
    const Data pixels = chunk("IDAT", stored(bytes_of({0, 1})));
    const Data size = bytes_of({0, 0, 0, 1, 0, 0, 0, 1});
    const auto header = [&](const std::vector<int>& rest) {
        Data content = size;
        content += bytes_of(rest);
        return chunk("IHDR", content);
    };
    CHECK(refusal({header({8, 0, 1, 0, 0}), pixels}) == Fault::syntax);
    CHECK(refusal({header({8, 0, 0, 1, 0}), pixels}) == Fault::syntax);
    CHECK(refusal({header({8, 0, 0, 0, 2}), pixels}) == Fault::syntax);
    CHECK(refusal({header({8, 0, 0, 0}), pixels}) == Fault::syntax);
    CHECK(refusal({header({4, 2, 0, 0, 0}), pixels}) == Fault::syntax);
    for (const std::size_t bytes : {std::size_t{0}, std::size_t{4}, std::size_t{3 * 257}})
        CHECK(refusal({png_header(1, 1, 8, 3), chunk("PLTE", Data(bytes)), pixels}) == Fault::syntax);
    const Data palette = chunk("PLTE", Data(3));
    CHECK(refusal({png_header(1, 1, 8, 3), palette, palette, pixels}) == Fault::syntax);
}
