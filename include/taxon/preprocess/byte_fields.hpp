#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <taxon/core/error.hpp>

namespace taxon::preprocess {

/// The bytes of a picture file.
using Bytes = std::span<const std::byte>;

/// Decodes a big-endian number of `width` bytes at `at`. The caller has checked that the bytes exist.
constexpr std::uint32_t big_endian(Bytes bytes, std::size_t at, int width) {
    std::uint32_t value = 0;
    for (int i = 0; i < width; ++i)
        value = value << 8 | std::to_integer<std::uint32_t>(bytes[at + static_cast<std::size_t>(i)]);
    return value;
}

/// Decodes a little-endian number likewise.
constexpr std::uint32_t little_endian(Bytes bytes, std::size_t at, int width) {
    std::uint32_t value = 0;
    for (int i = width; i-- > 0;)
        value = value << 8 | std::to_integer<std::uint32_t>(bytes[at + static_cast<std::size_t>(i)]);
    return value;
}

/// A file position in errors.
inline std::string byte_place(std::size_t at) { return "byte " + std::to_string(at); }

/// Throws Fault::truncated unless `count` bytes of `what` begin at `at`.
inline void need(Bytes bytes, std::size_t at, std::size_t count, const char* what) {
    if (at <= bytes.size() && bytes.size() - at >= count) return;
    throw Error(Fault::truncated, {.place = byte_place(at),
                                   .found = "the end of the file at byte " + std::to_string(bytes.size()),
                                   .wanted = std::to_string(count) + " bytes of " + what,
                                   .remedy = "fetch the file again"});
}

}  // namespace taxon::preprocess
