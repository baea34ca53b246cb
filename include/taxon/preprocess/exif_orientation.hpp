#pragma once
#include <taxon/preprocess/byte_fields.hpp>

namespace taxon::preprocess {

/// The orientation, 1 to 8, that a block of EXIF data states, which begins with the TIFF header. As OpenCV reads it:
/// the first such entry of the first directory counts, and a block without one, or a malformed one, means 1, upright.
inline int exif_orientation(Bytes exif) {
    constexpr std::uint32_t tag = 0x0112;
    if (exif.size() < 8) return 1;
    const bool little = exif[0] == std::byte{'I'};
    const auto number = [&](std::size_t at, int width) {
        return little ? little_endian(exif, at, width) : big_endian(exif, at, width);
    };
    if (exif[0] != exif[1] || (!little && exif[0] != std::byte{'M'}) || number(2, 2) != 42) return 1;
    const std::size_t directory = number(4, 4);
    if (directory > exif.size() - 2) return 1;
    std::size_t entry = directory + 2;
    for (std::uint32_t left = number(directory, 2); left > 0 && exif.size() - entry >= 12; --left, entry += 12) {
        if (number(entry, 2) != tag) continue;
        const std::uint32_t value = number(entry + 8, 2);
        return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
    }
    return 1;
}

}  // namespace taxon::preprocess
