#pragma once
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/core/separate_compilation.hpp>

namespace taxon::io {

/// Writes a file atomically, even across a crash: bytes go to a temporary file in the same folder, which `commit` syncs
/// and renames over `path`. Without `commit` the temporary file is removed and `path` is unchanged. A symbolic link is
/// followed; a device or a pipe is refused, because rename(2) would replace it.
class AtomicFile {
  public:
    /// Throws Fault::io, here and below, for any system error.
    explicit AtomicFile(std::filesystem::path path);
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;
    ~AtomicFile();

    void write(std::span<const std::byte> bytes);

    void commit();

  private:
    /// The name itself is an entry of the folder, which is synced separately.
    void sync_folder() const;

    [[noreturn]] void fail(std::string_view what, std::string_view wanted) const;

    std::filesystem::path path_, folder_;
    std::string temporary_;
    int file_ = -1;
};

}  // namespace taxon::io

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/io/impl/atomic_file.ipp>
#endif
