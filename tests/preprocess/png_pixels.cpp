#include <taxon/preprocess/image_file.hpp>
#include <taxon/preprocess/png_pixels.hpp>

#include "allocations.hpp"
#include "catch.hpp"
#include "preprocess/picture_bytes.hpp"

using namespace picture_bytes;
using taxon::Fault;

namespace {

/// A zlib stream of `count` zeros, a thousandth of their size: one of them, then copies of 258 with fixed codes.
Data zeros(std::size_t count) {
    Data made = bytes_of({0x78, 0x01});
    std::uint32_t bits = 0;
    int held = 0;
    const auto put = [&](std::uint32_t code, int length) {  // a Huffman code begins with its highest bit
        for (int i = length - 1; i >= 0; --i) {
            bits |= (code >> i & 1) << held;
            if (++held < 8) continue;
            made.push_back(static_cast<std::byte>(bits));
            bits = 0;
            held = 0;
        }
    };
    constexpr std::size_t longest = 258;
    put(1, 1);     // the last block
    put(0b10, 2);  // fixed codes, the lower bit first
    std::size_t left = count;
    for (; left > 0 && (left == count || left < longest); --left) put(0b00110000, 8);
    for (; left >= longest; left -= longest) put(0b11000101, 8), put(0, 5);
    for (; left > 0; --left) put(0b00110000, 8);
    put(0, 7);
    if (held > 0) put(0, 8 - held);
    made += big_endian(static_cast<std::uint32_t>(count % 65521) << 16 | 1);
    return made;
}

Data flat_png(std::uint32_t side, int depth, int colour, std::size_t row) {
    return png_of({png_header(side, side, depth, colour), chunk("IDAT", zeros(side * (1 + row)))});
}

}  // namespace

TEST_CASE("A15: a PNG that unpacks to a thousand times its size takes 3 bytes a pixel, whatever its depth", "[cases]") {
    if (!OWN_ALLOCATOR) {
        WARN("a sanitizer's operator new does not count");
        SUCCEED();
        return;
    }
    for (const std::uint32_t side : {500u, 2000u}) {
        const std::size_t pixels = std::size_t{side} * side;
        for (const Data& file :
             {flat_png(side, 8, 2, 3 * std::size_t{side}), flat_png(side, 16, 6, 8 * std::size_t{side}),
              flat_png(side, 1, 0, (std::size_t{side} + 7) / 8)}) {
            const std::size_t taken =
                taxon::test::peak_of([&] { CHECK(taxon::decode_image(file, "").pixels.size() == 3 * pixels); });
            INFO(side << ": " << taken);
            // beside the picture: the packed data, a window of 64 KiB and three rows
            CHECK(taken <= 3 * pixels + 2 * file.size() + (std::size_t{80} << 10) + 24 * side);
        }
    }
}

TEST_CASE("A15: surplus pixels end the unpacking at once", "[cases]") {
    const Data file = png_of({png_header(1, 1, 8, 0), chunk("IDAT", zeros(50'000'000))});
    std::size_t unpacked = 0;
    CHECK(fault_of([&] { taxon::decode_image(file, ""); }) == Fault::unused);
    const auto count = [&](std::span<const std::byte> bytes) {
        unpacked += bytes.size();
        if (unpacked > 2) throw taxon::Error(Fault::unused, {.found = "surplus"});
    };
    CHECK(fault_of([&] { taxon::io::inflate(zeros(50'000'000), count); }) == Fault::unused);
    CHECK(unpacked <= std::size_t{1} << 17);
}

TEST_CASE("pictures of many small parts are read in memory that their file bounds", "[cases]") {
    const auto taken = [](const Data& file) {
        return taxon::test::bytes_allocated_by([&] { taxon::preprocess::inspect_image(file, "many.parts"); });
    };
    for (const std::size_t count : {1000u, 2000u}) {
        const Data packed = stored(Data(count));
        std::vector<Data> chunks{png_header(static_cast<std::uint32_t>(count - 1), 1, 8, 0)};
        for (const std::byte byte : packed) {
            chunks.push_back(chunk("IDAT", {byte}));
            chunks.insert(chunks.begin() + 1, chunk("tEXt", {}));
        }
        Data jpeg = colour_jpeg(), segments;
        for (std::size_t i = 0; i < count; ++i) segments += bytes_of({0xff, 0xfe, 0, 2});
        jpeg.insert(jpeg.begin() + 2, segments.begin(), segments.end());
        const Data file = png_of(chunks);
        CHECK(taken(file) <= file.size() + 4096);
        CHECK(taken(jpeg) <= 4096);
    }
}
