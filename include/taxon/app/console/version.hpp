#pragma once
#include <string_view>

namespace taxon {

/// The library's version: major, minor, patch, as semantic versioning counts them.
inline constexpr std::string_view version = "0.1.0";

}  // namespace taxon
