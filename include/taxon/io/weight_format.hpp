#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <taxon/core/error.hpp>
#include <taxon/core/separate_compilation.hpp>

namespace taxon::io {

/// Formats of weight files, recognised by content; names and extensions play no part.
enum class WeightFormat : std::uint8_t { torch_zip, torch_legacy, safetensors, index };

constexpr std::string_view name_of(WeightFormat format) {
    constexpr std::string_view names[] = {"torch_zip", "torch_legacy", "safetensors", "index"};
    return names[static_cast<int>(format)];
}

/// Throws Fault::magic for an unrecognised file signature, with a hint if the format is known, and Fault::truncated for
/// less than 8 bytes.
TAXON_DECL WeightFormat weight_format(std::span<const std::byte> file);

}  // namespace taxon::io

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/io/impl/weight_format.ipp>
#endif
