#pragma once
#include <climits>
#include <cmath>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif
#if defined(__ARM_NEON)
#include <arm_neon.h>
#endif

#include <taxon/core/error.hpp>
#include <taxon/io/mapped_file.hpp>
#include <taxon/preprocess/bmp_structure.hpp>
#include <taxon/preprocess/jpeg_structure.hpp>
#include <taxon/preprocess/png_structure.hpp>

// A private copy of stb_image in each translation unit. A user's stb_image.h may be included before or after; its
// implementation must be in another translation unit, because it leaves macros behind.
#if defined(STB_IMAGE_IMPLEMENTATION) || defined(STBI_MALLOC)
#error "taxon: compile the implementation of stb_image.h in a source file that does not include this header"
#endif
#ifdef STBI_INCLUDE_STB_IMAGE_H
#define TAXON_USER_HAS_STB_IMAGE
#undef STBI_INCLUDE_STB_IMAGE_H
#undef STBIDEF
#endif
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STBI_ONLY_BMP
#define STBI_NO_STDIO
#define STBI_NO_HDR
#define STBI_NO_LINEAR
#define STBI_NO_FAILURE_STRINGS
#define STBI_MAX_DIMENSIONS 16384
#define STBI_ASSERT(condition) static_cast<void>(0)
// Zeroed, so that what a damaged file leaves undecoded is reproducible and reveals nothing of this process.
#define STBI_MALLOC(size) std::calloc(1, size)
#define STBI_REALLOC(block, size) std::realloc(block, size)
#define STBI_FREE(block) std::free(block)
#pragma GCC diagnostic push
#if defined(__clang__)
#pragma GCC diagnostic ignored "-Weverything"
// Version 2.27 shifts by too much and overflows when a damaged JPEG runs out of bits: harmless, but a sanitizer would
// stop there.
#pragma clang attribute push(__attribute__((no_sanitize("shift-exponent", "signed-integer-overflow"))),                \
                             apply_to = function)
#else
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wuseless-cast"
#endif
namespace taxon::preprocess::stb {
#if __has_include(<stb/stb_image.h>)
#include <stb/stb_image.h>
#else
#include <stb_image.h>
#endif
}  // namespace taxon::preprocess::stb
#if defined(__clang__)
#pragma clang attribute pop
#endif
#pragma GCC diagnostic pop
#undef STB_IMAGE_STATIC
#undef STB_IMAGE_IMPLEMENTATION
#ifndef TAXON_USER_HAS_STB_IMAGE
#undef STBI_INCLUDE_STB_IMAGE_H
#endif
#undef TAXON_USER_HAS_STB_IMAGE
#undef STBIDEF
#undef STBI_ONLY_JPEG
#undef STBI_ONLY_PNG
#undef STBI_ONLY_BMP
#undef STBI_NO_STDIO
#undef STBI_NO_HDR
#undef STBI_NO_LINEAR
#undef STBI_NO_FAILURE_STRINGS
#undef STBI_MAX_DIMENSIONS
#undef STBI_ASSERT
#undef STBI_MALLOC
#undef STBI_REALLOC
#undef STBI_FREE

namespace taxon::preprocess {

namespace detail {

/// Decodes a file whose structure has been checked and whose size is `facts`.
inline Image decode_checked(Bytes bytes, const PictureFacts& facts) {
    int width = 0, height = 0, channels = 0;
    const auto* const data = reinterpret_cast<const unsigned char*>(bytes.data());
    const std::unique_ptr<unsigned char, void (*)(void*)> rgb(
        stb::stbi_load_from_memory(data, static_cast<int>(bytes.size()), &width, &height, &channels, 3),
        stb::stbi_image_free);
    if (!rgb || width != facts.width || height != facts.height)
        throw Error(Fault::syntax,
                    {.place = "pixel data",
                     .found = "damaged " + std::string(name_of(facts.format)) + " data",
                     .wanted = std::to_string(facts.width) + " x " + std::to_string(facts.height) + " pixels",
                     .remedy = "save the picture again"});
    const std::size_t size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3;
    return {.height = height, .width = width, .pixels = {rgb.get(), rgb.get() + size}};
}

/// Throws unless the zlib stream decompresses to exactly the picture's bytes: Fault::unused for more, Fault::syntax for
/// fewer or damaged data. The decoder would accept more silently, and inflate a small file to any amount of memory.
inline void check_png_pixels(const PngStructure& png) {
    const auto unpack = [&](std::uint64_t room) {
        std::vector<char> unpacked(static_cast<std::size_t>(room));
        return stb::stbi_zlib_decode_buffer(unpacked.data(), static_cast<int>(room),
                                            reinterpret_cast<const char*>(png.packed.data()),
                                            static_cast<int>(png.packed.size()));
    };
    const std::int64_t wanted = static_cast<std::int64_t>(png.unpacked_bytes), found = unpack(png.unpacked_bytes);
    if (found == wanted) return;
    // The decoder cannot tell an overlong stream from a damaged one; with some spare room it can.
    const bool too_long = found < 0 && unpack(png.unpacked_bytes + (std::uint64_t{1} << 16)) > wanted;
    throw Error(too_long ? Fault::unused : Fault::syntax, {.place = "pixel data",
                                                           .found = too_long    ? "more pixels than the header says"
                                                                    : found < 0 ? "damaged or overlong data"
                                                                                : std::to_string(found) + " bytes",
                                                           .wanted = std::to_string(wanted) + " bytes",
                                                           .remedy = "save the picture again"});
}

/// The same picture with nothing but what its pixels need: no transparency, since alpha is dropped, and a full palette,
/// so that a pixel beyond the end of a short one is black rather than undefined. Checksums are left out; they have been
/// verified.
inline std::vector<std::byte> plain_png(const PngStructure& png) {
    std::vector<std::byte> plain;
    const auto append = [&](std::string_view text) {
        for (const char c : text) plain.push_back(static_cast<std::byte>(c));
    };
    const auto chunk = [&](std::string_view type, Bytes data, std::size_t size) {
        for (int shift = 24; shift >= 0; shift -= 8) plain.push_back(static_cast<std::byte>(size >> shift & 0xff));
        append(type);
        plain.insert(plain.end(), data.begin(), data.end());
        plain.resize(plain.size() + (size - data.size()) + 4);
    };
    plain.reserve(png.packed.size() + 1024);
    append("\x89PNG\r\n\x1a\n");
    chunk("IHDR", png.header, png.header.size());
    if (png.colour == 3) chunk("PLTE", png.palette, 3 * 256);
    chunk("IDAT", png.packed, png.packed.size());
    chunk("IEND", {}, 0);
    return plain;
}

inline Image decode_png(const PngStructure& png) {
    check_png_pixels(png);
    return decode_checked(plain_png(png), png.facts);
}

inline PngStructure read_supported_png(Bytes bytes) {
    PngStructure png = read_png_structure(bytes);
    if (png.colour == 0 && png.depth == 16)
        throw Error(
            Fault::unsupported,
            {.place = "IHDR",
             .found = "16 bits of grey",
             .wanted = "at most 8",
             .remedy = "convert it to 8 bits: how its levels should be scaled is not for this reader to guess"});
    if (png.unpacked_bytes > most_pixels * 4)
        throw Error(Fault::limit, {.place = "picture size",
                                   .found = std::to_string(png.unpacked_bytes) + " bytes of pixels",
                                   .wanted = "at most " + std::to_string(most_pixels * 4),
                                   .remedy = "reduce the picture first"});
    return png;
}

template <typename Read>
auto of_file(std::string_view file_name, Bytes bytes, Read&& read) {
    try {
        if (bytes.size() > INT_MAX)
            throw Error(Fault::limit,
                        {.found = std::to_string(bytes.size()) + " bytes", .wanted = "a picture file below 2 GiB"});
        return read();
    } catch (const Error& error) { throw error.in_file(std::string(file_name)); }
}

}  // namespace detail

TAXON_DECL PictureFacts inspect_image(Bytes bytes, std::string_view file_name) {
    return detail::of_file(file_name, bytes, [&] {
        switch (picture_format(bytes)) {
            case PictureFormat::png: return detail::read_supported_png(bytes).facts;
            case PictureFormat::jpeg: return read_jpeg_facts(bytes);
            case PictureFormat::bmp: break;
        }
        return read_bmp_facts(bytes);
    });
}

TAXON_DECL Image decode_image(Bytes bytes, std::string_view file_name) {
    return detail::of_file(file_name, bytes, [&] {
        switch (picture_format(bytes)) {
            case PictureFormat::png: return detail::decode_png(detail::read_supported_png(bytes));
            case PictureFormat::jpeg: return detail::decode_checked(bytes, read_jpeg_facts(bytes));
            case PictureFormat::bmp: break;
        }
        return detail::decode_checked(bytes, read_bmp_facts(bytes));
    });
}

TAXON_DECL Image read_image(const std::filesystem::path& path) {
    const io::MappedFile file(path);
    return decode_image(file.bytes(), path.string());
}

}  // namespace taxon::preprocess
