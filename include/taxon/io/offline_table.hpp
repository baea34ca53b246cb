#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/core/error.hpp>
#include <taxon/core/limits.hpp>

namespace taxon::io {

class ByteReader;

/// Header and table of an offline file, as views into the file's bytes. The sections themselves are not read.
class OfflineTable {
  public:
    struct Section {
        std::string_view name;
        std::span<const std::byte> bytes, padding;
        std::uint32_t checksum;

        /// Reads the whole section and its padding. Throws Fault::checksum.
        void verify() const;
    };

    std::uint64_t fingerprint = 0;
    std::vector<Section> sections{};  ///< in file order, names unique

    /// Throws Fault::magic, version, checksum, truncated, unused (bytes after the end or between sections), limit,
    /// bounds, overlap, overflow, duplicate, or encoding (of a name).
    static OfflineTable read(std::span<const std::byte> file, const Limits& limits = {});

  private:
    void read_sections(std::span<const std::byte> file, std::uint32_t count, std::uint32_t checksum);

    static std::string_view read_name(ByteReader& reader);

    /// The end, padding included, of a section that must start at byte `free`.
    static std::uint64_t end_of(std::string_view name, std::uint64_t offset, std::uint64_t size, std::uint64_t free,
                                std::uint64_t file_size);

    static void compare(const std::string& place, std::uint32_t found, std::uint32_t wanted);

    static void check_zero(const std::string& place, std::span<const std::byte> padding);

    static std::string quoted(std::string_view name);

    [[noreturn]] static void fail(Fault fault, std::string_view place, std::string_view found, std::string_view wanted,
                                  std::string_view remedy = "write the file again");
};

}  // namespace taxon::io

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/io/impl/offline_table.ipp>
#endif
