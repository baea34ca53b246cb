#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <taxon/core/error.hpp>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/io/mapped_file.hpp>

namespace taxon::io {

/// Weights as Darknet writes them (src/parser.c, save_weights_upto): three integers for the version; the number of
/// images seen, 64 bits from version 0.2 on and 32 before; then floats to the end of the file, without names, in the
/// order of the network's layers.
class DarknetFile {
  public:
    explicit DarknetFile(const std::filesystem::path& path);

    /// True if a file starts like every published one: version 0.1 or 0.2 in 32 bits each. The format has no other
    /// signature.
    static bool is_meant(std::span<const std::byte> file);

    std::string origin() const { return file_.path().string(); }
    std::string version() const { return "0." + std::to_string(minor_); }
    std::uint64_t images_seen() const { return images_seen_; }  ///< in training
    std::size_t size() const { return floats_.size() / sizeof(float); }

    /// Floats from `first` on. They must exist.
    void read(std::size_t first, std::span<float> to) const;

  private:
    std::span<const std::byte> read(std::span<const std::byte> file);

    MappedFile file_;
    std::span<const std::byte> floats_{};
    std::uint32_t minor_ = 0;
    std::uint64_t images_seen_ = 0;
};

}  // namespace taxon::io

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/io/impl/darknet_file.ipp>
#endif
