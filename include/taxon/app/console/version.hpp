#pragma once
#include <string_view>

namespace taxon {

/// The library's semantic version: major, minor, patch.
inline constexpr std::string_view version = "0.1.0";

}  // namespace taxon
