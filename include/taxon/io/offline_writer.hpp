#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/core/separate_compilation.hpp>

namespace taxon::io {

class AtomicFile;

/// A section to write. Neither member is copied.
struct OfflineSection {
    std::string_view name;
    std::span<const std::byte> bytes;
};

/// Writes an offline file atomically. Equal arguments give equal bytes.
class OfflineWriter {
  public:
    /// Writes `sections` in this order, for models whose type has this fingerprint. Throws Fault::usage for a name that
    /// is empty, longer than 31 bytes, not UTF-8 or duplicate, Fault::io if the file cannot be written; `path` is then
    /// unchanged.
    static void write(const std::filesystem::path& path, std::uint64_t fingerprint,
                      std::span<const OfflineSection> sections);

  private:
    static void check_names(const std::filesystem::path& path, std::span<const OfflineSection> sections);

    /// Header and table.
    static std::string head_of(std::uint64_t fingerprint, std::span<const OfflineSection> sections);

    static void write_padded(AtomicFile& file, std::span<const std::byte> bytes);
};

}  // namespace taxon::io

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/io/impl/offline_writer.ipp>
#endif
