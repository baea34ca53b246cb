#pragma once
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <taxon/io/byte_reader.hpp>
#include <taxon/io/crc32c.hpp>
#include <taxon/io/offline_writer.hpp>
#include <utility>
#include <vector>

#include "eval/scratch_folder.hpp"
#include "io/checkpoint_writer.hpp"

namespace taxon::test {

inline constexpr std::uint64_t offline_fingerprint = 0x0123456789ABCDEFu;

/// A small offline file: sections that fill their last 64 bytes, leave some, and have none.
inline const std::vector<std::pair<std::string, std::string>> offline_content{
    {"facts", "{\"top1\":1}"}, {"weights", std::string(128, 'w')}, {"nothing", ""}, {"labels", std::string(70, 'l')}};

inline void write_offline_content(const std::filesystem::path& path) {
    std::vector<io::OfflineSection> sections;
    for (const auto& [name, bytes] : offline_content) sections.push_back({name, as_span(bytes)});
    io::OfflineWriter::write(path, offline_fingerprint, sections);
}

/// The bytes of that file; its first section starts at byte 256.
inline std::string offline_bytes() {
    static const std::string bytes = [] {
        const ScratchFolder folder("offline_bytes");
        write_offline_content(folder.path() / "x");
        std::ifstream file(folder.path() / "x", std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(file), {});
    }();
    return bytes;
}

inline std::string padded(std::string bytes, std::size_t size) {
    bytes.resize(size);
    return bytes;
}

/// With checksums of header and table that fit what they cover, as one would make them who means harm.
inline std::string resealed(std::string bytes) {
    constexpr std::size_t count_at = 12, checksums_at = 32, table_at = 40, entry = 52;
    const auto crc = [&](std::size_t from, std::size_t size) {
        return pickled::little(io::Crc32c::of(as_span(bytes).subspan(from, size)), 4);
    };
    const auto count = io::little_endian<std::uint32_t>(as_span(bytes).subspan(count_at).first<4>());
    if (count <= (bytes.size() - table_at) / entry) bytes.replace(checksums_at, 4, crc(table_at, count * entry));
    return bytes.replace(checksums_at + 4, 4, crc(0, checksums_at + 4));
}

}  // namespace taxon::test
