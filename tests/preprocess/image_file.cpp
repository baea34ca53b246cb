#include <taxon/preprocess/image_file.hpp>
#include <taxon/io/mapped_file.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "catch.hpp"
#include "eval/scratch_folder.hpp"
#include "preprocess/picture_bytes.hpp"
#include "shared_data.hpp"

using namespace picture_bytes;
using taxon::Error;
using taxon::Fault;
using taxon::Image;

namespace {

using Levels = std::vector<std::uint8_t>;

Image decode(const Data& data) { return taxon::decode_image(data, "picture"); }
Fault refusal(const Data& data) {
    return fault_of([&] { decode(data); });
}
Data cut(Data data, std::size_t size) {
    data.resize(size);
    return data;
}
Data palette_of(int colours) { return chunk("PLTE", Data(static_cast<std::size_t>(colours) * 3, std::byte{7})); }

}  // namespace

TEST_CASE("I01: empty and cut files are truncated") {
    const Data jpeg = colour_jpeg(), png = two_pixel_png(),
               bitmap = bmp(2, 1, 24, {}, bytes_of({3, 2, 1, 252, 251, 250, 0, 0}));
    CHECK(refusal({}) == Fault::truncated);
    for (const Data& whole : {jpeg, png, bitmap})
        for (std::size_t size = 0; size < whole.size() - (whole == jpeg ? 2 : 0); ++size) {
            INFO("cut to " << size << " of " << whole.size());
            CHECK(refusal(cut(whole, size)) == Fault::truncated);
        }
}

TEST_CASE("I02: a PNG chunk with a wrong checksum is refused, wherever the damage is") {
    const Data whole = two_pixel_png();
    for (std::size_t at : {std::size_t{16}, std::size_t{29}, whole.size() - 20, whole.size() - 1}) {
        Data damaged = whole;
        damaged[at] ^= std::byte{1};
        CHECK(refusal(damaged) == Fault::checksum);
    }
}

TEST_CASE("I03: impossible sizes are refused before anything is allocated") {
    CHECK(refusal(png(0, 1, 8, 2, {0})) == Fault::value);
    CHECK(refusal(png(1, 0, 8, 2, {0})) == Fault::value);
    CHECK(refusal(png(0x7fffffff, 0x7fffffff, 8, 2, {0})) == Fault::limit);
    CHECK(refusal(png(0xffffffff, 1, 8, 2, {0})) == Fault::limit);
    const Data jpeg = colour_jpeg();
    const std::size_t size_at = find(jpeg, "ffc00011080008001003") + 5;
    CHECK(refusal(with(jpeg, size_at, {0xff, 0xff, 0xff, 0xff})) == Fault::limit);
    CHECK(refusal(with(jpeg, size_at, {0, 0})) == Fault::value);
    CHECK(refusal(with(jpeg, size_at + 2, {0, 0})) == Fault::value);
    CHECK(refusal(bmp(0, 1, 24, {}, Data(4))) == Fault::value);
    CHECK(refusal(bmp(0x7fffffff, 0x7fffffff, 24, {}, Data(4))) == Fault::limit);
    CHECK(refusal(bmp(1, 0x80000000u, 24, {}, Data(4))) == Fault::limit);
}

TEST_CASE("I04: a size that the file's bytes cannot fill is refused") {
    CHECK(refusal(png(16384, 16384, 8, 2, std::vector<int>(40, 0))) == Fault::limit);
    CHECK(refusal(png(7000, 7000, 8, 2, std::vector<int>(40, 0))) == Fault::truncated);
    const Data jpeg = colour_jpeg();
    CHECK(refusal(with(jpeg, find(jpeg, "ffc00011080008001003") + 5, {0x1b, 0x58, 0x1b, 0x58})) == Fault::truncated);
    CHECK(refusal(bmp(7000, 7000, 24, {}, Data(40))) == Fault::truncated);
}

TEST_CASE("I05: a picture of nine hundred times its file's bytes is read, and a small one that would unpack to that "
          "much is not") {
    // 500 rows of 501 zeros, as zlib packs them at level 9.
    const Data packed = of_hex("78daedc101010000008220ffaf6e48400100000000000000000000000000000000000000000000000000000"
                               "000000000000000000000000000000000"
                               "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
                               "000000000000000000000000000000000"
                               "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
                               "000000000000000000000000000000000"
                               "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
                               "000000000000000000000000000000000"
                               "000000000000000000000000000000000000c09701d2b10001");
    const auto made = [&](std::uint32_t side) { return png_of({png_header(side, side, 8, 0), chunk("IDAT", packed)}); };
    const Image image = decode(made(500));
    CHECK((image.height == 500 && image.width == 500));
    CHECK(image.pixels == Levels(std::size_t{500} * 500 * 3, 0));
    CHECK(refusal(made(499)) == Fault::unused);
    CHECK(refusal(made(1)) == Fault::unused);
}

TEST_CASE("I06: wrong amounts and kinds of pixels") {
    CHECK(refusal(png(2, 1, 8, 2, {0, 1, 2, 3})) == Fault::syntax);
    CHECK(refusal(png(2, 1, 8, 2, {0, 1, 2, 3, 4, 5, 6, 7})) == Fault::unused);
    CHECK(refusal(png(1, 1, 8, 0, std::vector<int>(5000, 0))) == Fault::unused);
    CHECK(refusal(png(2, 1, 8, 2, {9, 1, 2, 3, 4, 5, 6})) == Fault::syntax);
    CHECK(refusal(png(2, 1, 8, 7, {0, 1, 2, 3, 4, 5, 6})) == Fault::syntax);
    CHECK(refusal(png(2, 1, 3, 0, {0, 1})) == Fault::syntax);
    CHECK(refusal(png(2, 1, 16, 3, {0, 0, 0, 0, 0}, {palette_of(2)})) == Fault::syntax);
    CHECK(refusal(png(2, 1, 8, 3, {0, 0, 0})) == Fault::syntax);
}

TEST_CASE("I07: unknown critical chunks and chunks out of order are refused, ancillary ones passed over") {
    const Data header = png_header(1, 1, 8, 0), pixels = chunk("IDAT", stored(bytes_of({0, 9})));
    const auto made = [](const std::vector<Data>& chunks) { return png_of(chunks); };
    CHECK(refusal(made({header, header, pixels})) == Fault::syntax);
    CHECK(refusal(made({pixels, header})) == Fault::syntax);
    CHECK(refusal(made({header, chunk("NEWS", {}), pixels})) == Fault::syntax);
    CHECK(refusal(made({header, pixels, palette_of(1)})) == Fault::syntax);
    CHECK(refusal(made({header, pixels, chunk("tEXt", {}), pixels})) == Fault::syntax);
    CHECK(refusal(made({header})) == Fault::truncated);
    CHECK(refusal(made({chunk("CgBI", {}), header, pixels})) == Fault::unsupported);
    CHECK(decode(made({header, chunk("tEXt", text_bytes("note")), pixels, chunk("tIME", {})})).pixels ==
          Levels{9, 9, 9});
}

TEST_CASE("I08: bytes behind the picture are accepted and reported") {
    for (Data file : {two_pixel_png(), colour_jpeg(), bmp(1, 1, 24, {}, bytes_of({1, 2, 3, 0}))}) {
        const Image plain = decode(file);
        CHECK(taxon::preprocess::inspect_image(file, "").trailing_bytes == 0);
        file += text_bytes("PK\x03\x04 and the rest of an archive");
        CHECK(taxon::preprocess::inspect_image(file, "").trailing_bytes == 31);
        CHECK(decode(file).pixels == plain.pixels);
    }
}

TEST_CASE("I09: other kinds of file are named for what they are, whatever their name says") {
    const auto said = [](std::string_view text) {
        try {
            taxon::decode_image(text_bytes(text), "photo.jpg");
        } catch (const Error& error) {
            CHECK(error.fault() == Fault::unsupported);
            CHECK(error.facts().file == "photo.jpg");
            return error.facts().found;
        }
        return std::string("nothing thrown");
    };
    CHECK(said("GIF89a.........") == "a GIF picture");
    if (!taxon::preprocess::reads_webp) CHECK(said("RIFF....WEBPVP8 ") == "a WebP picture");
    CHECK(said("\n <!DOCTYPE html><html>") == "a web page (HTML)");
    CHECK(said("PK\x03\x04......") == "a ZIP archive");
    CHECK(said("version https://git-lfs.github.com/spec/v1\n") == "a Git LFS pointer, not the file it stands for");
    CHECK(said(" <svg xmlns='http://www.w3.org/2000/svg'/>") == "an XML or SVG document");
    CHECK(said("<?xml version='1.0'?>") == "an XML or SVG document");
    CHECK(said("once upon a time") == "a file of unknown type");
    CHECK(said("RIFF....WAVEfmt ") == "a file of unknown type");
    CHECK(said(std::string(40, ' ')) == "a file of unknown type");
}

TEST_CASE("I10: kinds of picture with a documented result") {
    CHECK(refusal(cmyk_jpeg()) == Fault::unsupported);
    const Data jpeg = colour_jpeg();
    const std::size_t frame = find(jpeg, "ffc00011");
    CHECK(refusal(with(jpeg, frame + 4, {12})) == Fault::unsupported);
    for (int marker : {0xc3, 0xc5, 0xc9, 0xca}) CHECK(refusal(with(jpeg, frame + 1, {marker})) == Fault::unsupported);
    CHECK(refusal(png(1, 1, 16, 0, {0, 1, 2})) == Fault::unsupported);

    // Expected levels by Pillow's convert("RGB"): high bytes, alpha dropped, palette resolved in spite of its
    // transparency.
    CHECK(decode(png(1, 1, 16, 2, {0, 18, 255, 254, 220, 0, 255})).pixels == Levels{18, 254, 0});
    CHECK(decode(png(1, 1, 16, 4, {0, 18, 255, 0, 128})).pixels == Levels{18, 18, 18});
    CHECK(decode(png(1, 1, 8, 4, {0, 100, 10})).pixels == Levels{100, 100, 100});
    CHECK(decode(png(1, 1, 8, 6, {0, 100, 50, 25, 0})).pixels == Levels{100, 50, 25});
    CHECK(decode(png(4, 1, 2, 0, {0, 0b00011011})).pixels == Levels{0, 0, 0, 85, 85, 85, 170, 170, 170, 255, 255, 255});
    CHECK(decode(png(2, 1, 1, 3, {0, 0b01000000},
                     {chunk("PLTE", bytes_of({1, 2, 3, 4, 5, 6})), chunk("tRNS", bytes_of({0}))}))
              .pixels == Levels{1, 2, 3, 4, 5, 6});
    CHECK(decode(png(2, 1, 8, 3, {0, 0, 200}, {palette_of(1)})).pixels == Levels{7, 7, 7, 0, 0, 0});
}

TEST_CASE("a JPEG is decoded to within a few levels of libjpeg's") {
    // Pillow gives (202, 40, 38) and (41, 60, 198) for both colour files. Decoders may differ by 3: that is the most
    // seen over 166 photographs.
    for (const Data& file : {colour_jpeg(), progressive_jpeg()}) {
        const Image image = decode(file);
        REQUIRE((image.height == 8 && image.width == 16 && image.pixels.size() == 8 * 16 * 3));
        const std::array<int, 6> wanted{202, 40, 38, 41, 60, 198};
        for (std::size_t channel = 0; channel < 3; ++channel) {
            CHECK(std::abs(image.pixels[(2 * 16 + 2) * 3 + channel] - wanted[channel]) <= 3);
            CHECK(std::abs(image.pixels[(5 * 16 + 12) * 3 + channel] - wanted[3 + channel]) <= 3);
        }
    }
    const Image grey = decode(grey_jpeg());
    REQUIRE(grey.pixels.size() == 8 * 16 * 3);
    CHECK(std::abs(grey.pixels[0] - 88) <= 3);
    CHECK((grey.pixels[0] == grey.pixels[1] && grey.pixels[1] == grey.pixels[2]));
}

TEST_CASE("A15: the limits on a picture's side and pixels, at the edge", "[cases]") {
    const Data file = png(3, 2, 8, 0, {0, 1, 2, 3, 0, 4, 5, 6}), bitmap = bmp(3, 2, 24, {}, Data(24)),
               jpeg = colour_jpeg();
    const auto faults = [](const Data& data, std::uint32_t side, std::uint64_t pixels) {
        taxon::Limits limits;
        limits.picture_side = side;
        limits.picture_pixels = pixels;
        try {
            taxon::decode_image(data, "", {.limits = limits});
        } catch (const Error& error) { return error.fault() == Fault::limit; }
        return false;
    };
    for (const Data& data : {file, bitmap}) {
        CHECK_FALSE(faults(data, 3, 6));
        CHECK(faults(data, 2, 6));
        CHECK(faults(data, 3, 5));
    }
    CHECK_FALSE(faults(jpeg, 16, 128));
    CHECK(faults(jpeg, 15, 128));
    CHECK(faults(jpeg, 16, 127));
}

TEST_CASE("A15: what a picture takes is said before any of it is allocated", "[cases]") {
    const auto bytes = [](const Data& data, bool upright = false) {
        std::uint64_t said = 0;
        const auto refuse = [&](const taxon::preprocess::PictureFacts& facts) {
            said = facts.decoding_bytes;
            throw Error(Fault::limit, {.found = "no memory"});
        };
        CHECK(fault_of([&] { taxon::decode_image(data, "", {.upright = upright, .before_decoding = refuse}); }) ==
              Fault::limit);
        return said;
    };
    // Rows of a PNG or BMP go from the file into the picture: 3 bytes a pixel, whatever the depth.
    CHECK(bytes(png(2, 1, 16, 6, std::vector<int>(17, 0))) == 6);
    CHECK(bytes(bmp(3, 2, 24, {}, Data(24))) == 18);
    CHECK(bytes(colour_jpeg()) >= 3 * 128);
    CHECK(bytes(colour_jpeg()) <= 6 * 128);
    CHECK(bytes(progressive_jpeg()) <= 12 * 128);
    CHECK(bytes(turned_jpeg(colour_jpeg(), 6), true) <= 6 * 128);
}

TEST_CASE("A15: what decoding takes is bounded as well", "[cases]") {
    taxon::preprocess::PictureFacts facts{.height = 2, .width = 3};
    taxon::Limits limits;
    limits.picture_pixels = 6;
    facts.decoding_bytes = 24 + (std::uint64_t{48} << 20);
    CHECK_NOTHROW(taxon::preprocess::check_memory(facts, limits));
    ++facts.decoding_bytes;
    CHECK(fault_of([&] { taxon::preprocess::check_memory(facts, limits); }) == Fault::limit);
}

TEST_CASE("interlaced PNG files") {
    // 3 x 2 pixels of levels 1 to 6 in Adam7: passes 1 (a pixel), 5 none, 6 …
    std::vector<int> rows{0, 1};            // pass 1: (0, 0)
    rows.insert(rows.end(), {0, 3});        // pass 4: column 2 of row 0
    rows.insert(rows.end(), {0, 2});        // pass 6: column 1 of row 0
    rows.insert(rows.end(), {0, 4, 5, 6});  // pass 7: row 1
    Data file = png(3, 2, 8, 0, rows);
    file[28] = std::byte{1};
    const Data header(file.begin() + 16, file.begin() + 29), fixed = chunk("IHDR", header);
    std::copy(fixed.begin(), fixed.end(), file.begin() + 8);
    CHECK(decode(file).pixels == Levels{1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6});
}

TEST_CASE("the five filters of PNG") {
    // Two pixels a row; each row is the one above plus 1, however it is stored.
    const std::vector<int> rows{0, 10, 20, 1, 11, 10, 2, 1, 1, 3, 8, 7, 4, 1, 1};
    CHECK(decode(png(2, 5, 8, 0, rows)).pixels == [] {
        Levels levels;
        for (const int level : {10, 20, 11, 21, 12, 22, 14, 25, 15, 26})
            levels.insert(levels.end(), 3, static_cast<std::uint8_t>(level));
        return levels;
    }());
}

TEST_CASE("the decoders of JPEG agree to within 3 levels, and turn alike") {
    using taxon::preprocess::JpegDecoder;
    if (taxon::preprocess::usual_jpeg_decoder != JpegDecoder::libjpeg_turbo) SKIPPED("built without libjpeg-turbo");
    for (const Data& file :
         {colour_jpeg(), progressive_jpeg(), grey_jpeg(), noisy_jpeg(), turned_jpeg(colour_jpeg(), 5)}) {
        const Data without_end(file.begin(), file.end() - 2);
        for (const Data& one : {file, without_end}) {
            const auto by = [&](JpegDecoder decoder) {
                return taxon::decode_image(one, "", {.upright = true, .jpeg_decoder = decoder});
            };
            const Image turbo = by(JpegDecoder::libjpeg_turbo), stb = by(JpegDecoder::stb_image);
            REQUIRE((turbo.height == stb.height && turbo.width == stb.width));
            int most = 0;
            for (std::size_t i = 0; i < stb.pixels.size(); ++i)
                most = std::max(most, std::abs(int{turbo.pixels[i]} - int{stb.pixels[i]}));
            CHECK(most <= 3);
        }
    }
    // What the one refuses before it decodes, the other refuses on the way.
    for (const Data& whole : {colour_jpeg(), grey_jpeg(), progressive_jpeg(), noisy_jpeg()})
        for (std::size_t size = find(whole, "ffda"); size < whole.size() - 2; ++size) {
            Data file = cut(whole, size);
            file += bytes_of({0xff, 0xd9});
            const auto accepts = [&](JpegDecoder decoder) {
                try {
                    taxon::decode_image(file, "", {.jpeg_decoder = decoder});
                    return true;
                } catch (const Error& error) {
                    CHECK((error.fault() == Fault::truncated || error.fault() == Fault::syntax));
                    return false;
                }
            };
            INFO(size << " of " << whole.size());
            CHECK(accepts(JpegDecoder::libjpeg_turbo) == accepts(JpegDecoder::stb_image));
        }
    // Pillow's levels, to the bit.
    const Image noisy = taxon::decode_image(noisy_jpeg(), "", {.jpeg_decoder = JpegDecoder::libjpeg_turbo});
    for (std::size_t i = 0; const int level : {170, 214, 161, 60, 34, 74, 225, 202})
        CHECK(noisy.pixels[3 * i++] == level);
    const Image exact = taxon::decode_image(colour_jpeg(), "", {.jpeg_decoder = JpegDecoder::libjpeg_turbo});
    CHECK(Levels(exact.pixels.begin(), exact.pixels.begin() + 3) == Levels{202, 40, 38});
    CHECK(Levels(exact.pixels.end() - 3, exact.pixels.end()) == Levels{41, 60, 198});
}

TEST_CASE("libjpeg-turbo refuses damaged codes and restart markers, and data that end") {
    using taxon::preprocess::JpegDecoder;
    if (taxon::preprocess::usual_jpeg_decoder != JpegDecoder::libjpeg_turbo) SKIPPED("built without libjpeg-turbo");
    const auto refused = [](const Data& file) {
        return fault_of([&] { taxon::decode_image(file, "", {.jpeg_decoder = JpegDecoder::libjpeg_turbo}); });
    };
    const Data jpeg = grey_jpeg();  // two blocks
    Data head(jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(find(jpeg, "ffda")));
    const auto made = [&](const std::vector<int>& coded) {
        Data file = with_segment(head, 0xdd, bytes_of({0, 1}));
        file += bytes_of({0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0});
        file += bytes_of(coded);
        file += bytes_of({0xff, 0xd9});
        return file;
    };
    CHECK_NOTHROW(
        taxon::decode_image(made({0x96, 0xff, 0xd0, 0x33}), "", {.jpeg_decoder = JpegDecoder::libjpeg_turbo}));
    CHECK(refused(made({0x96, 0xff, 0xd1, 0x33})) == Fault::syntax);
    CHECK(refused(made({0x96})) == Fault::truncated);
    Data damaged = noisy_jpeg();
    const std::size_t last = damaged.size() - 60;
    for (std::size_t i = 0; i < 40; ++i) damaged[last + i] = std::byte{0xfe};
    CHECK(refused(damaged) == Fault::syntax);
}

TEST_CASE("BMP files: rows from the bottom or from the top, palettes, 24 and 32 bits") {
    const Data two_rows = bytes_of({3, 2, 1, 0, 6, 5, 4, 0});
    CHECK(decode(bmp(1, 2, 24, {}, two_rows)).pixels == Levels{4, 5, 6, 1, 2, 3});
    CHECK(decode(bmp(1, static_cast<std::uint32_t>(-2), 24, {}, two_rows)).pixels == Levels{1, 2, 3, 4, 5, 6});
    CHECK(decode(bmp(1, 2, 32, {}, two_rows)).pixels == Levels{4, 5, 6, 1, 2, 3});
    const Data palette = bytes_of({3, 2, 1, 0, 6, 5, 4, 0});
    CHECK(decode(bmp(3, 1, 8, palette, bytes_of({0, 1, 0, 0}))).pixels == Levels{1, 2, 3, 4, 5, 6, 1, 2, 3});
    CHECK(decode(bmp(3, 1, 4, palette, bytes_of({0x01, 0x10, 0, 0}))).pixels == Levels{1, 2, 3, 4, 5, 6, 4, 5, 6});
    CHECK(decode(bmp(3, 1, 1, palette, bytes_of({0b01000000, 0, 0, 0}))).pixels == Levels{1, 2, 3, 4, 5, 6, 1, 2, 3});
}

TEST_CASE("read_image reads a file and names it in errors") {
    const ScratchFolder scratch("image_file");
    const auto folder = scratch.path();
    const auto path = folder / "two pixels.png";
    const Data data = two_pixel_png();
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size()));
    CHECK(taxon::read_image(path).pixels == Levels{1, 2, 3, 250, 251, 252});
    CHECK(fault_of([&] { taxon::read_image(folder / "none.png"); }) == Fault::io);
    CHECK(fault_of([&] { taxon::read_image(folder); }) == Fault::io);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << "GIF89a";
    try {
        taxon::read_image(path);
        FAIL("a GIF was read");
    } catch (const Error& error) { CHECK(error.facts().file == path.string()); }
}

TEST_CASE("every shared photograph is read, with the size that its header states") {
    const auto shared = shared_data();
    if (!shared) SKIPPED("skipped: no shared data");
    int pictures = 0;
    for (const auto& entry : std::filesystem::directory_iterator(*shared / "data" / "imagenet")) {
        if (entry.path().extension() != ".JPEG") continue;
        const taxon::io::MappedFile file(entry.path());
        const auto facts = taxon::preprocess::inspect_image(file.bytes(), "");
        const Image image = taxon::read_image(entry.path());
        CHECK((image.height == facts.height && image.width == facts.width));
        ++pictures;
    }
    CHECK(pictures == 100);
}
