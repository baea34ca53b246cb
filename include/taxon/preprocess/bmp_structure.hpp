#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include <taxon/preprocess/oriented_image.hpp>
#include <taxon/preprocess/picture_facts.hpp>

namespace taxon::preprocess {

/// A parsed BMP file.
struct BmpStructure {
    PictureFacts facts{};
    std::uint32_t bits = 0;  ///< a pixel: 1, 4, 8 (colours of the palette), 24 or 32
    bool from_top = false;   ///< the order of its rows
    Bytes palette{};         ///< blue, green, red and, but in old files, a byte more for each colour
    std::size_t colour_bytes = 0;
    Bytes rows{};  ///< as stored, `stride` bytes each
    std::size_t stride = 0;
};

namespace detail {

/// The colour of pixel x of a row.
inline std::uint32_t bmp_index(Bytes row, std::size_t x, std::uint32_t bits) {
    const std::size_t bit = x * bits;
    return std::to_integer<std::uint32_t>(row[bit / 8]) >> (8 - bits - bit % 8) & ((1u << bits) - 1);
}

/// Throws Fault::value if a pixel refers to a colour beyond the palette.
inline void check_bmp_indices(Bytes rows, std::size_t stride, int width, std::uint32_t bits, std::size_t colours) {
    if (colours == std::size_t{1} << bits) return;
    for (std::size_t row = 0; row < rows.size(); row += stride)
        for (std::size_t x = 0; x < static_cast<std::size_t>(width); ++x)
            if (const std::uint32_t index = bmp_index(rows.subspan(row), x, bits); index >= colours)
                throw Error(Fault::value, {.place = "pixel data",
                                           .found = "colour " + std::to_string(index),
                                           .wanted = "below " + std::to_string(colours) + ", the palette's size"});
}

}  // namespace detail

/// Parses a BMP file. `bytes` begins with "BM". Bottom-up or top-down, 1, 4, 8, 24 or 32 bits per pixel; there may be
/// a gap between the header or the palette and the pixels. Throws Fault::truncated (fewer bytes than pixels), ::syntax,
/// ::value and ::limit (size), ::unsupported (run-length encoding, 16 bits, bit masks other than plain BGRA: Pillow and
/// stb_image differ on them by a level).
inline BmpStructure read_bmp_structure(Bytes bytes, const Limits& limits = {}) {
    const auto refuse = [](Fault fault, std::string_view found, std::string_view wanted) {
        throw Error(fault,
                    {.place = "BMP header", .found = found, .wanted = wanted, .remedy = "save the picture as PNG"});
    };
    need(bytes, 0, 26, "a BMP header");
    const std::uint32_t pixels_at = little_endian(bytes, 10, 4), header = little_endian(bytes, 14, 4);
    if (header != 12 && header != 40 && header != 56 && header != 108 && header != 124)
        refuse(Fault::unsupported, "a header of " + std::to_string(header) + " bytes", "12, 40, 56, 108 or 124");
    need(bytes, 14, header, "a BMP header");
    const bool old = header == 12;
    const std::uint32_t width = little_endian(bytes, 18, old ? 2 : 4),
                        signed_height = little_endian(bytes, old ? 20 : 22, old ? 2 : 4);
    BmpStructure bmp;
    bmp.from_top = !old && signed_height >> 31 != 0;
    const std::uint32_t height = bmp.from_top ? 0 - signed_height : signed_height;
    bmp.bits = little_endian(bytes, old ? 24 : 28, 2);
    const std::uint32_t compression = old ? 0 : little_endian(bytes, 30, 4);
    check_size(height, width, limits);
    if (compression != 0) refuse(Fault::unsupported, "compression " + std::to_string(compression), "0, none");
    if (bmp.bits != 1 && bmp.bits != 4 && bmp.bits != 8 && bmp.bits != 24 && bmp.bits != 32)
        refuse(Fault::unsupported, std::to_string(bmp.bits) + " bits a pixel", "1, 4, 8, 24 or 32");
    if (pixels_at < 14 + header || pixels_at > bytes.size())
        refuse(pixels_at > bytes.size() ? Fault::truncated : Fault::syntax,
               "pixels at byte " + std::to_string(pixels_at), "them after the header and within the file");

    if (bmp.bits <= 8) {
        bmp.colour_bytes = old ? 3 : 4;
        const std::size_t most = std::size_t{1} << bmp.bits, stated = old ? 0 : little_endian(bytes, 46, 4),
                          there = (pixels_at - 14 - header) / bmp.colour_bytes;
        if (there == 0) refuse(Fault::syntax, "no palette", "1 to " + std::to_string(most) + " colours");
        const std::size_t colours = std::min(stated == 0 ? most : std::min(stated, most), there);
        bmp.palette = bytes.subspan(14 + header, colours * bmp.colour_bytes);
    }
    bmp.stride = (std::size_t{width} * bmp.bits + 31) / 32 * 4;
    need(bytes, pixels_at, bmp.stride * height, "pixels");
    bmp.rows = bytes.subspan(pixels_at, bmp.stride * height);
    bmp.facts = {.format = PictureFormat::bmp,
                 .height = static_cast<int>(height),
                 .width = static_cast<int>(width),
                 .trailing_bytes = bytes.size() - pixels_at - bmp.rows.size()};
    bmp.facts.decoding_bytes = 3 * bmp.facts.pixels();
    if (bmp.bits <= 8)
        detail::check_bmp_indices(bmp.rows, bmp.stride, bmp.facts.width, bmp.bits,
                                  bmp.palette.size() / bmp.colour_bytes);
    return bmp;
}

/// Copies the pixels of a BMP; the fourth byte of a pixel is dropped.
inline void decode_bmp_pixels(const BmpStructure& bmp, OrientedImage& image) {
    std::vector<std::uint8_t> rgb(3 * static_cast<std::size_t>(bmp.facts.width));
    for (int y = 0; y < bmp.facts.height; ++y) {
        const Bytes row = bmp.rows.subspan(static_cast<std::size_t>(y) * bmp.stride, bmp.stride);
        for (std::size_t x = 0; x < rgb.size() / 3; ++x) {
            const Bytes bgr = bmp.bits <= 8
                                  ? bmp.palette.subspan(bmp.colour_bytes * detail::bmp_index(row, x, bmp.bits))
                                  : row.subspan(x * bmp.bits / 8);
            for (std::size_t channel = 0; channel < 3; ++channel)
                rgb[3 * x + channel] = std::to_integer<std::uint8_t>(bgr[2 - channel]);
        }
        image.put(bmp.from_top ? y : bmp.facts.height - 1 - y, 0, 1, rgb);
    }
}

}  // namespace taxon::preprocess
