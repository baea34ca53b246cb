#pragma once
#include <string_view>

namespace taxon {

/// The value that a model's config.json must have under a name, if the name is there: an architecture states its own
/// dimensions so.
struct ConfigField {
    std::string_view name;
    int wanted = 0;           ///< for integers
    std::string_view text{};  ///< for everything else, as written: a word, or a number that is not an integer
    int more = 0;             ///< how many more an integer may be
};

}  // namespace taxon
