#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <taxon/io/utf8.hpp>

/// What an off-line file (`.taxon`) looks like: named sections of bytes. All numbers are little-endian, all checksums
/// CRC-32C.
///
///     byte  0  magic                   8 bytes
///           8  version                 u32
///          12  number of sections      u32
///          16  size of the whole file  u64
///          24  fingerprint             u64   of the model's type; its meaning is the caller's
///          32  checksum of the table   u32
///          36  checksum of bytes 0 to 35  u32
///          40  the table, 52 bytes a section: name (32 bytes, padded with zeros), offset u64, size u64,
///              checksum of the section u32
///
/// The table and each section are followed by zeros up to a multiple of `alignment`. Sections lie in the table's order,
/// each where the one before it ends, and the file ends with the last. So every byte is a zero, under a checksum, or
/// magic or version.
namespace taxon::io::offline {

/// As PNG's: a cleared top bit, and line ends changed in either direction, show in it.
inline constexpr std::string_view magic{"\x89TAX\r\n\x1A\n", 8};
inline constexpr std::uint32_t version = 1;
inline constexpr std::size_t header_bytes = 40, name_bytes = 32, entry_bytes = name_bytes + 8 + 8 + 4;
inline constexpr std::uint32_t most_sections = 65'536;

/// A cache line and the widest vector. The file is mapped as a whole, from a page's start, so sections need no pages of
/// their own: 4096 would add 2 KB a section and gain nothing.
inline constexpr std::uint64_t alignment = 64;

/// The next multiple of `alignment`.
constexpr std::uint64_t aligned(std::uint64_t bytes) { return (bytes + alignment - 1) / alignment * alignment; }

/// Whether a section may have this name: UTF-8 of 1 to 31 bytes without a zero.
constexpr bool is_name(std::string_view name) {
    return !name.empty() && name.size() < name_bytes && name.find('\0') == name.npos && is_utf8(name);
}

}  // namespace taxon::io::offline
