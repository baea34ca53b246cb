#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <taxon/io/utf8.hpp>

/// Layout of an offline file (`.taxon`): named sections of bytes. All numbers are little-endian, all checksums CRC-32C.
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
/// The table and each section are zero-padded to a multiple of `alignment`. Sections lie in table order without gaps,
/// and the last one ends the file. So every byte is a checked zero, covered by a checksum, or part of magic or version.
namespace taxon::io::offline {

/// Like PNG's: a cleared top bit, and line ends converted in either direction, show in it.
inline constexpr std::string_view magic{"\x89TAX\r\n\x1A\n", 8};
inline constexpr std::uint32_t version = 1;
inline constexpr std::size_t header_bytes = 40, name_bytes = 32, entry_bytes = name_bytes + 8 + 8 + 4;

/// A cache line and the widest vector. The file is mapped as a whole from the start of a page, so sections need no
/// pages of their own: 4096 would add 2 KB per section and gain nothing.
inline constexpr std::uint64_t alignment = 64;

/// Rounds up to a multiple of `alignment`.
constexpr std::uint64_t aligned(std::uint64_t bytes) { return (bytes + alignment - 1) / alignment * alignment; }

/// True for a valid section name: UTF-8 of 1 to 31 bytes without a NUL.
constexpr bool is_name(std::string_view name) {
    return !name.empty() && name.size() < name_bytes && name.find('\0') == name.npos && is_utf8(name);
}

}  // namespace taxon::io::offline
