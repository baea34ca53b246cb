#include <taxon/preprocess/image_file.hpp>
#include <taxon/preprocess/png_pixels.hpp>

#include <algorithm>
#include <cstdlib>

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
            // beside the picture: the packed data, a window of 64 KiB and four rows
            CHECK(taken <= 3 * pixels + 2 * file.size() + (std::size_t{80} << 10) + 32 * side);
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

namespace {

/// The scan lines of a picture, each filtered as chapter 9 of the specification says; `distance`: bytes of a pixel.
Data filtered(const std::vector<int>& samples, std::size_t row, std::size_t distance, int filter) {
    Data lines;
    for (std::size_t start = 0; start < samples.size(); start += row) {
        lines.push_back(static_cast<std::byte>(filter));
        for (std::size_t x = 0; x < row; ++x) {
            const bool has_left = x >= distance, has_above = start > 0;
            const int a = has_left ? samples[start + x - distance] : 0, b = has_above ? samples[start + x - row] : 0;
            const int c = has_left && has_above ? samples[start + x - row - distance] : 0, p = a + b - c;
            const int nearest = std::min({std::abs(p - a), std::abs(p - b), std::abs(p - c)});
            const int paeth = std::abs(p - a) == nearest ? a : std::abs(p - b) == nearest ? b : c;
            const int predictions[] = {0, a, b, (a + b) / 2, paeth};
            lines.push_back(static_cast<std::byte>(samples[start + x] - predictions[filter]));
        }
    }
    return lines;
}

}  // namespace

TEST_CASE("each filter of a PNG is undone") {
    constexpr std::size_t width = 7, height = 6;
    for (const std::size_t channels : {1u, 3u})
        for (int filter = 0; filter <= 4; ++filter) {
            std::vector<int> samples(width * height * channels);
            for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<int>(i * i * 37 % 251);
            const Data lines = filtered(samples, width * channels, channels, filter);
            const taxon::Image image = taxon::decode_image(
                png_of({png_header(width, height, 8, channels == 1 ? 0 : 2), chunk("IDAT", stored(lines))}), "");
            REQUIRE(image.pixels.size() == 3 * width * height);
            INFO("filter " << filter << ", " << channels << " channels");
            std::size_t wrong = 0;
            for (std::size_t i = 0; i < image.pixels.size(); ++i)
                wrong += image.pixels[i] != samples[channels == 1 ? i / 3 : i];
            CHECK(wrong == 0);
        }
    const Data lines = filtered({1, 2, 3}, 3, 1, 0);
    Data bad = lines;
    bad[0] = std::byte{5};
    CHECK(fault_of([&] {
              taxon::decode_image(png_of({png_header(3, 1, 8, 0), chunk("IDAT", stored(bad))}), "");
          }) == Fault::syntax);
}
