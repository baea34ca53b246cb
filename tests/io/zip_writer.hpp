#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <taxon/io/crc32.hpp>
#include <utility>
#include <vector>

#include "io/pickle_writer.hpp"

namespace taxon::test {

/// An entry of a zip file to be written, as torch writes it unless told otherwise.
struct ZipPart {
    std::string name{}, bytes{};
    std::optional<std::string> local_name{};  ///< in the entry's own header
    std::optional<std::uint32_t> checksum{};  ///< in directory and descriptor
    /// 32-bit sizes are 0xFFFFFFFF then, and these bytes the extra field in the directory
    std::optional<std::string> zip64_field{};
    std::size_t padding = 4;  ///< bytes of the extra field in the entry's own header
};

/// A zip file and where its records are, so that a test can damage one field.
struct ZipImage {
    std::string bytes{};
    std::vector<std::size_t> header_at{}, record_at{};
    std::size_t directory_at = 0, end64_at = 0, locator_at = 0, end_at = 0;

    /// Overwrites `count` bytes with a number, lowest byte first.
    ZipImage& put(std::size_t at, std::uint64_t number, int count) {
        bytes.replace(at, static_cast<std::size_t>(count), pickled::little(number, count));
        return *this;
    }
};

inline std::uint32_t crc_of(const std::string& bytes) { return io::Crc32::of(std::as_bytes(std::span(bytes))); }

inline ZipImage zip_of(const std::vector<ZipPart>& parts, bool with_zip64_end = true) {
    using pickled::little;
    ZipImage zip;
    std::string& out = zip.bytes;
    for (const ZipPart& part : parts) {
        const std::string& local = part.local_name ? *part.local_name : part.name;
        zip.header_at.push_back(out.size());
        out += "PK\3\4" + little(0, 2) + little(part.bytes.empty() ? 0x0800 : 0x0808, 2) + little(0, 18) +
               little(local.size(), 2) + little(part.padding, 2);
        out += local + std::string(part.padding, 'Z') + part.bytes;
        if (!part.bytes.empty())
            out += "PK\7\x8" + little(part.checksum.value_or(crc_of(part.bytes)), 4) + little(part.bytes.size(), 4) +
                   little(part.bytes.size(), 4);
    }
    zip.directory_at = out.size();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const ZipPart& part = parts[i];
        const std::string extra = part.zip64_field.value_or("");
        const std::uint64_t size = part.zip64_field ? 0xFFFFFFFFu : part.bytes.size();
        zip.record_at.push_back(out.size());
        out += "PK\1\2" + little(0, 4) + little(part.bytes.empty() ? 0x0800 : 0x0808, 2) + little(0, 2) + little(0, 4);
        out += little(part.checksum.value_or(crc_of(part.bytes)), 4) + little(size, 4) + little(size, 4);
        out += little(part.name.size(), 2) + little(extra.size(), 2) + little(0, 10) + little(zip.header_at[i], 4) +
               part.name + extra;
    }
    const std::size_t size = out.size() - zip.directory_at;
    zip.end64_at = out.size();
    if (with_zip64_end) {
        out += "PK\6\6" + little(44, 8) + little(798, 2) + little(45, 2) + little(0, 8) + little(parts.size(), 8) +
               little(parts.size(), 8);
        out += little(size, 8) + little(zip.directory_at, 8);
        zip.locator_at = out.size();
        out += "PK\6\7" + little(0, 4) + little(zip.end64_at, 8) + little(1, 4);
    }
    zip.end_at = out.size();
    out += "PK\5\6" + little(0, 4) + little(parts.size(), 2) + little(parts.size(), 2) + little(size, 4) +
           little(zip.directory_at, 4) + little(0, 2);
    return zip;
}

}  // namespace taxon::test
