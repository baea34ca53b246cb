#pragma once
#include <string_view>

namespace taxon {

/// What a model's config.json must have under a name, if it has something there: what an architecture says of itself in
/// other words.
struct ConfigField {
    std::string_view name;
    int wanted = 0;           ///< of whole numbers
    std::string_view text{};  ///< of all else, as it is spelt: a word, or a number that is not whole
};

}  // namespace taxon
