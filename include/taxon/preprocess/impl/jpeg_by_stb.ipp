#pragma once
#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif
#if defined(__ARM_NEON)
#include <arm_neon.h>
#endif

#include <taxon/core/error.hpp>
#include <taxon/preprocess/jpeg_structure.hpp>
#include <taxon/preprocess/oriented_image.hpp>

namespace taxon::preprocess::detail {

/// The memory of stb_image. The decoded picture is the only block of its size and is written where it is to be, not
/// copied there. All is zeroed, so that what a damaged file leaves undecoded is reproducible and reveals nothing of
/// this process.
class StbMemory {
  public:
    /// Until its end, an allocation of just the size of `picture` is that vector's memory.
    explicit StbMemory(std::vector<std::uint8_t>& picture) { offer() = {picture.data(), picture.size()}; }
    StbMemory(const StbMemory&) = delete;
    StbMemory& operator=(const StbMemory&) = delete;
    ~StbMemory() { offer() = {}; }

    static void* allocate(std::size_t size) {
        Offer& it = offer();
        if (it.memory == nullptr || it.taken || size != it.size) return std::calloc(1, size);
        it.taken = true;
        return it.memory;
    }
    static void free(void* block) {
        if (block == nullptr || block != offer().memory) std::free(block);
    }

  private:
    struct Offer {
        void* memory = nullptr;
        std::size_t size = 0;
        bool taken = false;
    };
    static Offer& offer() {
        static thread_local Offer it;
        return it;
    }
};

}  // namespace taxon::preprocess::detail

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
#define STBI_NO_STDIO
#define STBI_NO_HDR
#define STBI_NO_LINEAR
#define STBI_NO_FAILURE_STRINGS
#define STBI_ASSERT(condition) static_cast<void>(0)
#define STBI_MALLOC(size) ::taxon::preprocess::detail::StbMemory::allocate(size)
#define STBI_REALLOC(block, size) std::realloc(block, size)
#define STBI_FREE(block) ::taxon::preprocess::detail::StbMemory::free(block)
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
#undef STBI_NO_STDIO
#undef STBI_NO_HDR
#undef STBI_NO_LINEAR
#undef STBI_NO_FAILURE_STRINGS
#undef STBI_ASSERT
#undef STBI_MALLOC
#undef STBI_REALLOC
#undef STBI_FREE

namespace taxon::preprocess::detail {

/// Memory that stb_image takes at its peak: the planes of the components, their coefficients if the scans are
/// progressive, and the picture; then a second picture if it is turned.
inline std::uint64_t bytes_of_stb(const JpegStructure& jpeg, bool turned) {
    const std::uint64_t picture = 3 * jpeg.facts.pixels(),
                        decoding = picture + jpeg.samples * (jpeg.progressive ? 3 : 1);
    return turned ? std::max(decoding, 2 * picture) : decoding;
}

/// Decodes a JPEG whose structure has been checked.
inline Image decode_jpeg_by_stb(Bytes bytes, const JpegStructure& jpeg, int orientation) {
    const PictureFacts& facts = jpeg.facts;
    // a byte more, which stb_image wants for its own convenience
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(3 * facts.pixels() + 1));
    int width = 0, height = 0, channels = 0;
    {
        const StbMemory memory(pixels);
        const std::unique_ptr<unsigned char, void (*)(void*)> rgb(
            stb::stbi_load_from_memory(reinterpret_cast<const unsigned char*>(bytes.data()),
                                       static_cast<int>(bytes.size()), &width, &height, &channels, 3),
            stb::stbi_image_free);
        if (!rgb || width != facts.width || height != facts.height)
            throw Error(Fault::syntax,
                        {.place = "pixel data",
                         .found = "damaged JPEG data",
                         .wanted = std::to_string(facts.width) + " x " + std::to_string(facts.height) + " pixels",
                         .remedy = "save the picture again"});
        if (rgb.get() != pixels.data()) std::copy_n(rgb.get(), pixels.size() - 1, pixels.data());
    }
    pixels.pop_back();
    if (orientation == 1) return {.height = height, .width = width, .pixels = std::move(pixels)};
    OrientedImage image(height, width, orientation);
    const std::size_t row = 3 * static_cast<std::size_t>(width);
    for (int y = 0; y < height; ++y)
        image.put(y, 0, 1, std::span(pixels).subspan(static_cast<std::size_t>(y) * row, row));
    return std::move(image).take();
}

}  // namespace taxon::preprocess::detail
