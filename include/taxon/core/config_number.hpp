#pragma once
#include <string_view>

namespace taxon {

/// A number that a model's config.json must have under a name, if it has one there: what an architecture says of itself in other words.
struct ConfigNumber {
    std::string_view name;
    int wanted;
};

}  // namespace taxon
