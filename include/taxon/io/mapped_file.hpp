#pragma once
#include <cstddef>
#include <filesystem>
#include <span>
#include <taxon/core/error.hpp>
#include <taxon/core/separate_compilation.hpp>

namespace taxon::io {

/// A whole file mapped read-only. Its bytes stay in place when the object is moved.
class MappedFile {
  public:
    /// Throws Fault::io if it cannot be opened or is not a regular file, Fault::truncated if it is empty.
    explicit MappedFile(const std::filesystem::path& path);

    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    ~MappedFile();

    const std::filesystem::path& path() const { return path_; }
    std::span<const std::byte> bytes() const { return bytes_; }

  private:
    std::filesystem::path path_;
    std::span<const std::byte> bytes_;
};

}  // namespace taxon::io

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/io/impl/mapped_file.ipp>
#endif
