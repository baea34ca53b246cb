#pragma once
#include <cstddef>
#include <span>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/number/element.hpp>

namespace taxon::io {

/// Converts `bytes` (little-endian, any alignment) to float32, rounding to nearest. `bytes` holds exactly as many
/// elements as `to`. Any non-zero bool is 1.
TAXON_DECL void to_floats(Element element, std::span<const std::byte> bytes, std::span<float> to);

}  // namespace taxon::io

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/io/impl/float_conversion.ipp>
#endif
