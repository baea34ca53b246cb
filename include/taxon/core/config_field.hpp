#pragma once
#include <string_view>

namespace taxon {

/// A field of config.json and the value it must have, if it is present: how an architecture states its own dimensions.
struct ConfigField {
    std::string_view name;
    int wanted = 0;           ///< for integers
    std::string_view text{};  ///< for everything else, as written: a word, or a number that is not an integer
    int more = 0;             ///< how far an integer may exceed it
};

}  // namespace taxon
