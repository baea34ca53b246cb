#pragma once
#include <cstdint>

#include <taxon/preprocess/picture_format.hpp>

namespace taxon::preprocess {

/// Facts of a picture file, known before a pixel is decoded.
struct PictureFacts {
    PictureFormat format{};
    int height = 0, width = 0;
    std::size_t trailing_bytes =
        0;  ///< bytes after the picture's end: accepted, since cameras and archives append data, but worth reporting
};

/// The bounds on a picture's sides and on its number of pixels (64 Mpx).
inline constexpr std::uint32_t most_side = 16384;
inline constexpr std::uint64_t most_pixels = std::uint64_t{64} << 20;

/// Throws Fault::value for an empty picture, Fault::limit for one beyond the bounds above.
inline void check_size(std::uint32_t height, std::uint32_t width) {
    const std::string found = std::to_string(width) + " x " + std::to_string(height) + " pixels";
    if (height == 0 || width == 0)
        throw Error(Fault::value, {.place = "picture size", .found = found, .wanted = "at least 1 x 1"});
    if (height > most_side || width > most_side || std::uint64_t{height} * width > most_pixels)
        throw Error(Fault::limit, {.place = "picture size",
                                   .found = found,
                                   .wanted = "at most " + std::to_string(most_side) + " a side and " +
                                             std::to_string(most_pixels) + " in all",
                                   .remedy = "reduce the picture first"});
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
