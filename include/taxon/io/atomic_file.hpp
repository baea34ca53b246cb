#pragma once
#include <cstddef>
#include <filesystem>
#include <span>
#include <system_error>
#include <taxon/core/error.hpp>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/system/file.hpp>

namespace taxon::io {

/// The file that a write to `path` replaces: the target of links, even of one that is not there yet.
std::filesystem::path link_target(std::filesystem::path path);

/// Writes a file atomically, even across a crash: bytes go to a temporary file in the same folder, which `commit` syncs
/// and renames over `path`. Without `commit` the temporary file is removed and `path` is unchanged. A symbolic link is
/// followed; a device or a pipe is refused, because rename(2) would replace it. A file that is replaced keeps its mode,
/// and its owner where the system allows; under Windows the new one has the permissions of its folder. A process's
/// first write to a folder removes the temporary files that dead processes left in it: those of living ones are locked.
class AtomicFile {
  public:
    /// Throws Fault::io, here and below, for any system error.
    explicit AtomicFile(std::filesystem::path path);
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;
    ~AtomicFile();

    /// Beyond the process's limit of a file's size (`ulimit -f`) it throws, where write(2) would end the process.
    void write(std::span<const std::byte> bytes);

    void commit();

  private:
    /// Creates and locks the temporary file.
    void create(unsigned mode);
    /// Removes it.
    void discard();

    [[noreturn]] void fail(std::error_code error, std::string_view what, std::string_view wanted) const;

    std::filesystem::path path_, folder_, temporary_;
    system::File file_;
    std::size_t written_ = 0;
};

}  // namespace taxon::io

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/io/impl/atomic_file.ipp>
#endif
