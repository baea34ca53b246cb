#pragma once
#include <span>
#include <string>
#include <vector>

#include <taxon/io/crc32.hpp>
#include <taxon/preprocess/exif_orientation.hpp>
#include <taxon/preprocess/picture_facts.hpp>

namespace taxon::preprocess {

/// A parsed PNG file (PNG specification, third edition, chapters 5 and 11): every chunk's checksum and order verified,
/// nothing decompressed yet.
struct PngStructure {
    PictureFacts facts{};
    int depth = 0;                     ///< bits per sample: 1, 2, 4, 8, 16
    int colour = 0;                    ///< 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
    bool interlaced = false;           ///< in the seven passes of Adam7
    Bytes palette{};                   ///< three bytes per colour; empty if absent
    std::vector<std::byte> packed{};   ///< all IDAT chunks concatenated: one zlib stream
    std::uint64_t unpacked_bytes = 0;  ///< the exact decompressed size, filter bytes included
};

namespace detail {

[[noreturn]] inline void refuse_png(Fault fault, std::string_view place, std::string_view found,
                                    std::string_view wanted) {
    throw Error(fault, {.place = place, .found = found, .wanted = wanted, .remedy = "save the picture again"});
}

/// Samples per pixel by colour type; 0 for an unknown type.
constexpr int png_samples(int colour) {
    constexpr int samples[] = {1, 0, 3, 1, 2, 0, 4};
    return colour >= 0 && colour <= 6 ? samples[colour] : 0;
}

constexpr bool png_depth_fits(int depth, int colour) {
    const bool small = depth == 1 || depth == 2 || depth == 4, byte = depth == 8, word = depth == 16;
    return colour == 0 ? small || byte || word : colour == 3 ? small || byte : byte || word;
}

/// Bytes of one pass of `width` x `height` pixels: each row is padded to a byte and starts with its filter type.
constexpr std::uint64_t png_pass_bytes(std::uint64_t width, std::uint64_t height, std::uint64_t bits) {
    return width == 0 ? 0 : height * (1 + (width * bits + 7) / 8);
}

/// A smaller picture within the picture: the pixels from (x, y) on, a step apart.
struct PngPass {
    int x, y, step_x, step_y;

    constexpr int columns(int width) const { return (width + step_x - 1 - x) / step_x; }
    constexpr int rows(int height) const { return (height + step_y - 1 - y) / step_y; }
};

/// The seven passes of Adam7 (chapter 8.1), and the whole picture.
inline constexpr PngPass adam7_passes[] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                           {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}, {0, 0, 1, 1}};

/// The passes in which the pixels are stored, one after another.
constexpr std::span<const PngPass> png_passes(bool interlaced) {
    return interlaced ? std::span(adam7_passes).first(7) : std::span(adam7_passes).last(1);
}

constexpr std::uint64_t png_unpacked_bytes(int width, int height, int bits, bool interlaced) {
    std::uint64_t total = 0;
    for (const PngPass& pass : png_passes(interlaced))
        total += png_pass_bytes(static_cast<std::uint64_t>(pass.columns(width)),
                                static_cast<std::uint64_t>(pass.rows(height)), static_cast<std::uint64_t>(bits));
    return total;
}

inline void read_png_header(PngStructure& png, Bytes data, const Limits& limits) {
    if (data.size() != 13) refuse_png(Fault::syntax, "IHDR", std::to_string(data.size()) + " bytes", "13 bytes");
    const std::uint32_t width = big_endian(data, 0, 4), height = big_endian(data, 4, 4);
    check_size(height, width, limits);
    png.depth = std::to_integer<int>(data[8]);
    png.colour = std::to_integer<int>(data[9]);
    const int samples = png_samples(png.colour), interlace = std::to_integer<int>(data[12]);
    if (samples == 0 || !png_depth_fits(png.depth, png.colour))
        refuse_png(Fault::syntax, "IHDR",
                   "colour type " + std::to_string(png.colour) + " with " + std::to_string(png.depth) + " bits",
                   "a pair that PNG allows");
    if (data[10] != std::byte{0} || data[11] != std::byte{0} || interlace > 1)
        refuse_png(Fault::syntax, "IHDR", "an unknown compression, filter or interlace method",
                   "methods 0, 0, and 0 or 1");
    if (png.colour == 0 && png.depth == 16)
        throw Error(Fault::unsupported, {.place = "IHDR",
                                         .found = "16 bits of grey",
                                         .wanted = "at most 8",
                                         .remedy = "convert it to 8 bits; programs disagree on how to scale 16"});
    png.interlaced = interlace == 1;
    png.facts = {.format = PictureFormat::png, .height = static_cast<int>(height), .width = static_cast<int>(width)};
    png.facts.decoding_bytes = 3 * png.facts.pixels();
    png.unpacked_bytes = png_unpacked_bytes(png.facts.width, png.facts.height, samples * png.depth, png.interlaced);
}

inline void read_png_palette(PngStructure& png, Bytes data) {
    if (!png.palette.empty() || !png.packed.empty() || data.empty() || data.size() % 3 != 0 || data.size() > 3 * 256)
        refuse_png(Fault::syntax, "PLTE", std::to_string(data.size()) + " bytes",
                   "one palette of 1 to 256 colours before the pixels");
    png.palette = data;
}

}  // namespace detail

/// Parses a PNG file. `bytes` begins with the signature. Throws Fault::truncated (a cut chunk, no IEND), ::checksum (a
/// chunk's CRC), ::syntax (order, repetition or content of chunks, an unknown critical chunk), ::value and ::limit
/// (size), ::unsupported (Apple's CgBI variant, 16 bits of grey).
inline PngStructure read_png_structure(Bytes bytes, const Limits& limits = {}) {
    PngStructure png;
    std::size_t at = 8;
    bool has_header = false, has_exif = false, pixels_ended = false;
    for (;;) {
        need(bytes, at, 12, "a PNG chunk");
        const std::size_t size = big_endian(bytes, at, 4);
        need(bytes, at + 8, size + 4, "a PNG chunk's data and checksum");
        std::string type(4, ' ');
        for (std::size_t i = 0; i < 4; ++i)
            type[i] = static_cast<char>(std::to_integer<unsigned char>(bytes[at + 4 + i]));
        const auto refuse = [&, begin = at](Fault fault, std::string found, std::string wanted) {
            detail::refuse_png(fault, "chunk " + type + " at " + byte_place(begin), std::move(found),
                               std::move(wanted));
        };
        if (io::Crc32::of(bytes.subspan(at + 4, size + 4)) != big_endian(bytes, at + 8 + size, 4))
            refuse(Fault::checksum, "data that do not match the chunk's CRC", "an undamaged chunk");
        const Bytes data = bytes.subspan(at + 8, size);
        at += size + 12;

        if (type == "CgBI") refuse(Fault::unsupported, "Apple's variant of PNG", "a standard PNG");
        if (has_header == (type == "IHDR")) refuse(Fault::syntax, "a chunk out of order", "one IHDR, and first");
        if (!png.packed.empty() && type != "IDAT") pixels_ended = true;
        if (type == "IHDR") {
            detail::read_png_header(png, data, limits);
            has_header = true;
        } else if (type == "PLTE") {
            detail::read_png_palette(png, data);
        } else if (type == "IDAT") {
            if (pixels_ended) refuse(Fault::syntax, "pixel data after another chunk", "IDAT chunks side by side");
            if (png.packed.empty()) png.packed.reserve(data.size() + bytes.size() - at);  // growing would take more
            png.packed.insert(png.packed.end(), data.begin(), data.end());
        } else if (type == "eXIf" && !has_exif) {
            png.facts.orientation = exif_orientation(data);
            has_exif = true;
        } else if (type == "IEND") {
            break;
        } else if (type[0] >= 'A' && type[0] <= 'Z') {
            refuse(Fault::syntax, "an unknown critical chunk", "IHDR, PLTE, IDAT or IEND");
        }
    }
    if (png.colour == 3 && png.palette.empty())
        detail::refuse_png(Fault::syntax, "PLTE", "no palette", "one, as the colour type says");
    // Deflate expands at most 1,032 times: a run of 258 bytes takes two bits.
    check_plausible(png.packed.size(), png.unpacked_bytes / 1032);
    if (png.packed.empty()) detail::refuse_png(Fault::truncated, "IDAT", "no pixel data", "at least one chunk");
    png.facts.trailing_bytes = bytes.size() - at;
    return png;
}

}  // namespace taxon::preprocess
