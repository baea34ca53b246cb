#pragma once
#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/core/error.hpp>
#include <taxon/io/stored_tensor.hpp>

namespace taxon::io {

/// Writes a safetensors file atomically. Equal tensors and metadata give equal bytes: tensors are sorted by decreasing
/// alignment and then by name, as the safetensors library does, and metadata by key.
class SafetensorsWriter {
  public:
    using Metadata = std::map<std::string, std::string>;

    /// Throws Fault::duplicate for a repeated name, Fault::mismatch for bytes that do not match the shape,
    /// Fault::encoding for text that is not UTF-8, Fault::io if the file cannot be written.
    static void write(const std::filesystem::path& path, std::span<const StoredTensor> tensors,
                      const Metadata& metadata);

  private:
    static std::size_t rank_of(Element element);

    static std::vector<const StoredTensor*> sorted(std::span<const StoredTensor> tensors);

    static std::string header_of(const std::vector<const StoredTensor*>& order, const Metadata& metadata);

    static std::string quoted(std::string_view text);

    [[noreturn]] static void fail(Fault fault, std::string_view name, std::string_view found, std::string_view wanted);
};

/// Writes a safetensors file; see SafetensorsWriter::write.
inline void write_safetensors(const std::filesystem::path& path, std::span<const StoredTensor> tensors,
                              const SafetensorsWriter::Metadata& metadata = {}) {
    SafetensorsWriter::write(path, tensors, metadata);
}

}  // namespace taxon::io

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/io/impl/safetensors_writer.ipp>
#endif
