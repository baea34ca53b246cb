#pragma once
#include <string>
#include <string_view>

#include <taxon/preprocess/exif_orientation.hpp>
#include <taxon/preprocess/picture_facts.hpp>

namespace taxon::preprocess {

/// A parsed WebP file: the chunks of its RIFF container, whose pixels are one chunk of them.
struct WebpStructure {
    PictureFacts facts{};
    Bytes file{};  ///< the container, without what follows it
};

/// Parses a WebP file. `bytes` begins with "RIFF", and has "WEBP" at byte 8. Throws Fault::truncated, ::syntax, ::value
/// and ::limit (size), ::unsupported (animations).
inline WebpStructure read_webp_structure(Bytes bytes, const Limits& limits = {}) {
    const auto refuse = [](Fault fault, std::size_t at, std::string_view found, std::string_view wanted) {
        throw Error(fault,
                    {.place = byte_place(at), .found = found, .wanted = wanted, .remedy = "save the picture again"});
    };
    const std::size_t container = little_endian(bytes, 4, 4);
    need(bytes, 8, container, "a WebP file");
    if (container < 4)  // the word "WEBP"
        refuse(Fault::syntax, 4, "a container of " + std::to_string(container) + " bytes", "at least 4");
    WebpStructure webp;
    webp.file = bytes.first(8 + container);
    webp.facts.format = PictureFormat::webp;
    bool has_pixels = false;
    for (std::size_t at = 12; webp.file.size() - at >= 8;) {
        const std::size_t size = little_endian(bytes, at + 4, 4);
        const auto is = [&](std::string_view kind) {
            for (std::size_t i = 0; i < 4; ++i)
                if (std::to_integer<int>(bytes[at + i]) != kind[i]) return false;
            return true;
        };
        need(webp.file, at + 8, size, "a WebP chunk");
        const Bytes data = bytes.subspan(at + 8, size);
        const auto take_size = [&](std::uint32_t height, std::uint32_t width) {
            check_size(height, width, limits);
            webp.facts.height = static_cast<int>(height);
            webp.facts.width = static_cast<int>(width);
        };
        if (is("ANIM") || is("ANMF")) refuse(Fault::unsupported, at, "an animation", "a single picture");
        if (is("EXIF")) webp.facts.orientation = exif_orientation(data);
        if (!has_pixels && is("VP8 ")) {
            need(data, 0, 10, "a lossy WebP picture");
            take_size(little_endian(data, 8, 2) & 0x3fff, little_endian(data, 6, 2) & 0x3fff);
            webp.facts.decoding_bytes = 3 * webp.facts.pixels();
            has_pixels = true;
        }
        if (!has_pixels && is("VP8L")) {
            need(data, 0, 5, "a lossless WebP picture");
            const std::uint32_t sides = little_endian(data, 1, 4);
            take_size((sides >> 14 & 0x3fff) + 1, (sides & 0x3fff) + 1);
            webp.facts.decoding_bytes = 7 * webp.facts.pixels();  // four bytes in the decoder, and three in the picture
            has_pixels = true;
        }
        at += 8 + size + size % 2;
        if (at > webp.file.size()) break;
    }
    if (!has_pixels) refuse(Fault::syntax, webp.file.size(), "no picture", "a chunk of pixels");
    webp.facts.trailing_bytes = bytes.size() - webp.file.size();
    return webp;
}

}  // namespace taxon::preprocess
