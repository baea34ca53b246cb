#pragma once
#include <cstddef>
#include <span>
#include <string_view>

#if defined(TAXON_EMBEDDED_VARIANT)
extern "C" const std::byte taxon_embedded_begin[], taxon_embedded_end[];
#endif

namespace taxon::app {

/// The weights that the build embedded in this program (EMBED in its CMake call); empty if there are none.
inline std::span<const std::byte> embedded_file() {
#if defined(TAXON_EMBEDDED_VARIANT)
    return {taxon_embedded_begin, taxon_embedded_end};
#else
    return {};
#endif
}

/// The variant of the embedded weights.
inline std::string_view embedded_variant() {
#if defined(TAXON_EMBEDDED_VARIANT)
    return TAXON_EMBEDDED_VARIANT;
#else
    return {};
#endif
}

}  // namespace taxon::app
