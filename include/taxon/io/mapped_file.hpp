#pragma once
#include <cstddef>
#include <filesystem>
#include <span>
#include <taxon/core/error.hpp>
#include <taxon/core/separate_compilation.hpp>

namespace taxon::io {

/// A whole file in memory, read-only: mapped if it is large, else read, so that no other process can change it any
/// more. Its bytes start at a page boundary and stay in place when the object is moved. If another process truncates a
/// mapped file, this one ends with SIGBUS; replacing the file by rename(2) is harmless. Windows refuses to truncate it.
class MappedFile {
  public:
    static constexpr std::size_t mapped_from = std::size_t{1} << 20;  ///< bytes

    /// Throws Fault::io if it cannot be opened or is not a regular file, Fault::truncated if it is empty.
    explicit MappedFile(const std::filesystem::path& path);

    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    ~MappedFile();

    const std::filesystem::path& path() const { return path_; }
    std::span<const std::byte> bytes() const { return bytes_; }

    /// Lets the system take back the memory of a part that has been read, if that lies in this file and the file is
    /// mapped, so that copying a large file piece by piece does not hold it twice. The part can be read again.
    void release(std::span<const std::byte> part) const;

  private:
    std::filesystem::path path_;
    std::span<const std::byte> bytes_;
};

}  // namespace taxon::io

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/io/impl/mapped_file.ipp>
#endif
