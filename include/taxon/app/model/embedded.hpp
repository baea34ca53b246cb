#pragma once
#include <cstddef>
#include <span>
#include <string_view>
#include <taxon/io/text_lines.hpp>
#include <vector>

#if defined(TAXON_EMBEDDED_VARIANT)
extern "C" const std::byte taxon_embedded_begin[], taxon_embedded_end[];
extern "C" const char taxon_embedded_labels_begin[], taxon_embedded_labels_end[];
extern "C" const char taxon_embedded_vocabulary_begin[], taxon_embedded_vocabulary_end[];
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

/// Its class names: the lines of the file that was embedded beside the weights, as io::for_each_line passes them.
inline std::span<const std::string_view> embedded_labels() {
#if defined(TAXON_EMBEDDED_VARIANT)
    static const std::vector<std::string_view> lines = [] {
        std::vector<std::string_view> found;
        io::for_each_line({taxon_embedded_labels_begin, taxon_embedded_labels_end},
                          [&](std::size_t, std::string_view line) { found.push_back(line); });
        return found;
    }();
    return lines;
#else
    return {};
#endif
}

/// Its vocabulary: the text of the file that was embedded beside the weights.
inline std::string_view embedded_vocabulary() {
#if defined(TAXON_EMBEDDED_VARIANT)
    return {taxon_embedded_vocabulary_begin, taxon_embedded_vocabulary_end};
#else
    return {};
#endif
}

}  // namespace taxon::app
