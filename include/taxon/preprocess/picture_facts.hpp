#pragma once
#include <cstdint>

#include <taxon/core/limits.hpp>
#include <taxon/preprocess/picture_format.hpp>

namespace taxon::preprocess {

/// Facts of a picture file, known before a pixel is decoded.
struct PictureFacts {
    PictureFormat format{};
    int height = 0, width = 0;         ///< as stored
    int orientation = 1;               ///< EXIF's, 1 to 8: how to turn the stored picture; 1 is upright
    std::uint64_t decoding_bytes = 0;  ///< memory of the decoder at its peak, the picture's own included
    /// bytes after the picture's end: accepted, since cameras and archives append data, but worth reporting
    std::size_t trailing_bytes = 0;

    std::uint64_t pixels() const { return static_cast<std::uint64_t>(height) * static_cast<std::uint64_t>(width); }
};

/// Throws Fault::value for an empty picture, Fault::limit for one beyond the limits.
inline void check_size(std::uint32_t height, std::uint32_t width, const Limits& limits) {
    const std::string found = std::to_string(width) + " x " + std::to_string(height) + " pixels";
    if (height == 0 || width == 0)
        throw Error(Fault::value, {.place = "picture size", .found = found, .wanted = "at least 1 x 1"});
    if (height > limits.picture_side || width > limits.picture_side)
        throw Error(Fault::limit, {.place = "picture size",
                                   .found = found,
                                   .wanted = "at most " + std::to_string(limits.picture_side) + " per side",
                                   .remedy = "reduce the picture first"});
    if (std::uint64_t{height} * width > limits.picture_pixels)
        throw Error(Fault::limit, {.place = "picture size",
                                   .found = found,
                                   .wanted = "at most " + std::to_string(limits.picture_pixels) + " in total",
                                   .remedy = "reduce the picture, or allow more (--max-pixels)"});
}

/// Throws Fault::limit if decoding takes more than four bytes for each pixel that is allowed, and 48 MiB: a progressive
/// JPEG takes up to twelve for each of its own.
inline void check_memory(const PictureFacts& facts, const Limits& limits) {
    const std::uint64_t most = 4 * limits.picture_pixels + (std::uint64_t{48} << 20);
    if (facts.decoding_bytes <= most) return;
    throw Error(Fault::limit,
                {.place = "picture size",
                 .found = std::to_string(facts.width) + " x " + std::to_string(facts.height) + " pixels, which take " +
                          std::to_string(facts.decoding_bytes) + " bytes to decode",
                 .wanted = "at most " + std::to_string(most),
                 .remedy = "reduce the picture, or allow more (--max-pixels)"});
}

/// Throws Fault::truncated if `there` bytes of compressed data cannot decompress to `wanted_at_least` bytes, whatever
/// they hold.
inline void check_plausible(std::uint64_t there, std::uint64_t wanted_at_least) {
    if (there >= wanted_at_least) return;
    throw Error(Fault::truncated,
                {.place = "pixel data",
                 .found = std::to_string(there) + " bytes",
                 .wanted = "at least " + std::to_string(wanted_at_least) + " bytes for a picture of this size",
                 .remedy = "fetch the file again"});
}

}  // namespace taxon::preprocess
