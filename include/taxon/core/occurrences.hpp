#pragma once
#include <cstddef>
#include <string_view>

namespace taxon {

/// How often a text holds a word, counted without overlaps: the most elements of a list that is to be read from it, if
/// each has a member of that name.
inline std::size_t occurrences(std::string_view text, std::string_view word) {
    std::size_t count = 0;
    for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + word.size())) ++count;
    return count;
}

}  // namespace taxon
