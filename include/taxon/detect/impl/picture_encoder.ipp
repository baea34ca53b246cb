#pragma once
#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cstddef>
#include <string>

// A private copy of stb_image_write in each translation unit. A user's stb_image_write.h may be included before or
// after; its implementation must be in another translation unit, because it leaves macros behind.
#if defined(STB_IMAGE_WRITE_IMPLEMENTATION) || defined(STBIW_MALLOC)
#error "taxon: compile the implementation of stb_image_write.h in a source file that does not include this header"
#endif
#ifdef INCLUDE_STB_IMAGE_WRITE_H
#define TAXON_USER_HAS_STB_IMAGE_WRITE
#undef INCLUDE_STB_IMAGE_WRITE_H
#undef STBIWDEF
#endif
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STBI_WRITE_NO_STDIO
#pragma GCC diagnostic push
#if defined(__clang__)
#pragma GCC diagnostic ignored "-Weverything"
#else
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wuseless-cast"
#endif
namespace taxon::detect::stb {
#if __has_include(<stb/stb_image_write.h>)
#include <stb/stb_image_write.h>
#else
#include <stb_image_write.h>
#endif
}  // namespace taxon::detect::stb
#pragma GCC diagnostic pop
#undef STB_IMAGE_WRITE_STATIC
#undef STB_IMAGE_WRITE_IMPLEMENTATION
#undef STBI_WRITE_NO_STDIO
#ifndef TAXON_USER_HAS_STB_IMAGE_WRITE
#undef INCLUDE_STB_IMAGE_WRITE_H
#endif
#undef TAXON_USER_HAS_STB_IMAGE_WRITE
#undef STBIWDEF
#undef STBIW_MALLOC
#undef STBIW_REALLOC
#undef STBIW_FREE
#undef STBIW_REALLOC_SIZED
#undef STBIW_MEMMOVE
#undef STBIW_ASSERT
#undef STBIW_UCHAR

namespace taxon::detect {

namespace detail {

inline void check_picture(const Image& picture) {
    const auto pixels = static_cast<std::size_t>(picture.height > 0 ? picture.height : 0) *
                        static_cast<std::size_t>(picture.width > 0 ? picture.width : 0);
    if (pixels == 0 || picture.pixels.size() != pixels * 3)
        throw Error(Fault::shape, {.place = "picture",
                                   .found = std::to_string(picture.width) + " x " + std::to_string(picture.height) +
                                            " pixels in " + std::to_string(picture.pixels.size()) + " bytes",
                                   .wanted = "three bytes for each of at least one pixel"});
}

inline void append_encoded(void* bytes, void* data, int size) {
    static_cast<std::string*>(bytes)->append(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

inline std::string encoded_or_refused(std::string bytes, int done) {
    if (done == 0)
        throw Error(Fault::limit,
                    {.place = "picture", .found = "no memory to encode it", .wanted = "a smaller picture"});
    return bytes;
}

}  // namespace detail

TAXON_DECL std::string encode_jpeg(const Image& picture) {
    constexpr int quality = 92;
    detail::check_picture(picture);
    std::string bytes;
    const int done = stb::stbi_write_jpg_to_func(detail::append_encoded, &bytes, picture.width, picture.height, 3,
                                                 picture.pixels.data(), quality);
    return detail::encoded_or_refused(std::move(bytes), done);
}

TAXON_DECL std::string encode_png(const Image& picture) {
    detail::check_picture(picture);
    std::string bytes;
    const int done = stb::stbi_write_png_to_func(detail::append_encoded, &bytes, picture.width, picture.height, 3,
                                                 picture.pixels.data(), picture.width * 3);
    return detail::encoded_or_refused(std::move(bytes), done);
}

}  // namespace taxon::detect
