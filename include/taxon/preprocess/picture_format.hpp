#pragma once
#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include <taxon/preprocess/byte_fields.hpp>

namespace taxon::preprocess {

/// The supported picture formats. WebP is one of them in programs built with libwebp (TAXON_WITH_LIBWEBP).
enum class PictureFormat : unsigned char { jpeg, png, bmp, webp };

#if defined(TAXON_WITH_LIBWEBP)
inline constexpr bool reads_webp = true;
#else
inline constexpr bool reads_webp = false;
#endif

constexpr std::string_view name_of(PictureFormat format) {
    constexpr std::string_view names[] = {"JPEG", "PNG", "BMP", "WebP"};
    return names[static_cast<int>(format)];
}

namespace detail {

/// Signatures of files that people mistake for pictures, web pages saved as pictures among them, at offset `at`.
struct Signature {
    std::string_view bytes;
    std::size_t at;
    std::string_view name;
};

inline constexpr std::array signatures = {
    Signature{"GIF8", 0, "a GIF picture"},
    Signature{"WEBP", 8, "a WebP picture"},
    Signature{"ftypavif", 4, "an AVIF picture"},
    Signature{"ftyphei", 4, "a HEIC picture"},
    Signature{"ftypmif1", 4, "a HEIC picture"},
    Signature{"JXL ", 4, "a JPEG XL picture"},
    Signature{"jP  ", 4, "a JPEG 2000 picture"},
    Signature{std::string_view("II*\0", 4), 0, "a TIFF picture"},
    Signature{std::string_view("MM\0*", 4), 0, "a TIFF picture"},
    Signature{"8BPS", 0, "a Photoshop picture"},
    Signature{"P5\n", 0, "a PGM picture"},
    Signature{"P6\n", 0, "a PPM picture"},
    Signature{"%PDF", 0, "a PDF document"},
    Signature{"PK\x03\x04", 0, "a ZIP archive"},
    Signature{"version https://git-lfs", 0, "a Git LFS pointer, not the file it stands for"},
};

inline bool text_begins(Bytes bytes, std::size_t at, std::string_view lower_case) {
    if (bytes.size() < at + lower_case.size()) return false;
    for (std::size_t i = 0; i < lower_case.size(); ++i)
        if (std::tolower(std::to_integer<int>(bytes[at + i])) !=
            std::tolower(static_cast<unsigned char>(lower_case[i])))
            return false;
    return true;
}

/// Names an unsupported file by its content.
inline std::string_view true_type(Bytes bytes) {
    for (const Signature& signature : signatures)
        if (text_begins(bytes, signature.at, signature.bytes)) return signature.name;
    std::size_t first = 0;
    while (first < bytes.size() && std::isspace(std::to_integer<int>(bytes[first]))) ++first;
    for (std::string_view tag : {"<!doctype html", "<html", "<head", "<body"})
        if (text_begins(bytes, first, tag)) return "a web page (HTML)";
    if (text_begins(bytes, first, "<svg") || text_begins(bytes, first, "<?xml")) return "an XML or SVG document";
    return "a file of unknown type";
}

}  // namespace detail

/// Recognises a picture's format by its signature; its name plays no part. Throws Fault::truncated for an empty file or
/// a partial signature, Fault::unsupported with the true type for anything else.
inline PictureFormat picture_format(Bytes bytes) {
    constexpr std::string_view png = "\x89PNG\r\n\x1a\n", jpeg = "\xff\xd8\xff", bmp = "BM";
    const auto begins = [&](std::string_view signature) {
        const std::size_t there = std::min(bytes.size(), signature.size());
        for (std::size_t i = 0; i < there; ++i)
            if (std::to_integer<unsigned char>(bytes[i]) != static_cast<unsigned char>(signature[i])) return false;
        if (there < signature.size()) need(bytes, 0, signature.size(), "a picture's signature");
        return true;
    };
    if (begins(png)) return PictureFormat::png;
    if (begins(jpeg)) return PictureFormat::jpeg;
    if (begins(bmp)) return PictureFormat::bmp;
    if (reads_webp && detail::text_begins(bytes, 0, "RIFF") && detail::text_begins(bytes, 8, "WEBP"))
        return PictureFormat::webp;
    throw Error(Fault::unsupported,
                {.place = "the first bytes",
                 .found = std::string(detail::true_type(bytes)),
                 .wanted = reads_webp ? "a JPEG, PNG, BMP or WebP picture" : "a JPEG, PNG or BMP picture",
                 .remedy = "convert it to one of these"});
}

}  // namespace taxon::preprocess
