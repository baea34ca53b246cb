#pragma once
#include <string>

#include <taxon/preprocess/picture_facts.hpp>

namespace taxon::preprocess {

namespace detail {

/// Throws Fault::value if a pixel refers to a colour beyond the palette.
inline void check_bmp_indices(Bytes rows, std::size_t stride, int width, std::uint32_t bits, std::size_t colours) {
    const std::uint32_t mask = (1u << bits) - 1;
    if (colours > mask) return;
    for (std::size_t row = 0; row < rows.size(); row += stride)
        for (std::size_t x = 0; x < static_cast<std::size_t>(width); ++x) {
            const std::size_t bit = x * bits;
            const std::uint32_t index =
                std::to_integer<std::uint32_t>(rows[row + bit / 8]) >> (8 - bits - bit % 8) & mask;
            if (index >= colours)
                throw Error(Fault::value, {.place = "pixel data",
                                           .found = "colour " + std::to_string(index),
                                           .wanted = "below " + std::to_string(colours) + ", the palette's size"});
        }
}

}  // namespace detail

/// Reads the facts of a BMP file. `bytes` begins with "BM". Bottom-up or top-down, 1, 4, 8, 24 or 32 bits per pixel.
/// Throws Fault::truncated (fewer bytes than pixels), ::syntax, ::value and ::limit (size), ::unsupported (run-length
/// encoding, 16 bits, bit masks other than plain BGRA: Pillow and stb_image differ on them by a level).
inline PictureFacts read_bmp_facts(Bytes bytes) {
    const auto refuse = [](Fault fault, std::string found, std::string wanted) {
        throw Error(fault, {.place = "BMP header",
                            .found = std::move(found),
                            .wanted = std::move(wanted),
                            .remedy = "save the picture as PNG"});
    };
    need(bytes, 0, 26, "a BMP header");
    const std::uint32_t pixels_at = little_endian(bytes, 10, 4), header = little_endian(bytes, 14, 4);
    if (header != 12 && header != 40 && header != 56 && header != 108 && header != 124)
        refuse(Fault::unsupported, "a header of " + std::to_string(header) + " bytes", "12, 40, 56, 108 or 124");
    need(bytes, 14, header, "a BMP header");
    const bool old = header == 12;
    const std::uint32_t width = little_endian(bytes, 18, old ? 2 : 4),
                        signed_height = little_endian(bytes, old ? 20 : 22, old ? 2 : 4);
    const bool from_top = !old && signed_height >> 31 != 0;
    const std::uint32_t height = from_top ? 0 - signed_height : signed_height;
    const std::uint32_t bits = little_endian(bytes, old ? 24 : 28, 2),
                        compression = old ? 0 : little_endian(bytes, 30, 4);
    check_size(height, width);
    if (compression != 0) refuse(Fault::unsupported, "compression " + std::to_string(compression), "0, none");
    if (bits != 1 && bits != 4 && bits != 8 && bits != 24 && bits != 32)
        refuse(Fault::unsupported, std::to_string(bits) + " bits a pixel", "1, 4, 8, 24 or 32");
    if (pixels_at < 14 + header || pixels_at > bytes.size())
        refuse(pixels_at > bytes.size() ? Fault::truncated : Fault::syntax,
               "pixels at byte " + std::to_string(pixels_at), "them behind the header and in the file");

    const std::size_t colours = bits > 8 ? 0 : (pixels_at - 14 - header) / (old ? 3 : 4);
    if (bits <= 8 && (colours == 0 || colours > 256))
        refuse(Fault::syntax, "a palette of " + std::to_string(colours) + " colours", "1 to 256");
    const std::size_t stride = (std::size_t{width} * bits + 31) / 32 * 4;
    need(bytes, pixels_at, stride * height, "pixels");
    if (bits <= 8)
        detail::check_bmp_indices(bytes.subspan(pixels_at, stride * height), stride, static_cast<int>(width), bits,
                                  colours);
    return {.format = PictureFormat::bmp,
            .height = static_cast<int>(height),
            .width = static_cast<int>(width),
            .trailing_bytes = bytes.size() - pixels_at - stride * height};
}

}  // namespace taxon::preprocess
