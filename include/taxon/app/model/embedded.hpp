#pragma once
#include <cstddef>
#include <span>

#if defined(TAXON_EMBEDDED_WEIGHTS)
extern "C" const std::byte taxon_embedded_begin[], taxon_embedded_end[];
#endif

namespace taxon::app {

/// The bytes of the file that the build put into this program (EMBED in its CMake call); empty where there is none.
inline std::span<const std::byte> embedded_file() {
#if defined(TAXON_EMBEDDED_WEIGHTS)
    return {taxon_embedded_begin, taxon_embedded_end};
#else
    return {};
#endif
}

}  // namespace taxon::app
