#pragma once
#include <filesystem>
#include <string_view>
#include <taxon/core/error.hpp>

namespace taxon {

/// The path that UTF-8 text names. std::filesystem::path(text) is the same but under Windows, where GCC takes each byte
/// for a character; path::string() gives UTF-8 everywhere. Windows has names of characters only: there it throws
/// Fault::encoding for other bytes.
inline std::filesystem::path path_of(std::string_view text) try {
    return std::u8string_view(reinterpret_cast<const char8_t*>(text.data()), text.size());
} catch (const std::filesystem::filesystem_error&) {
    throw Error(Fault::encoding, {.file = text, .found = "a name that is not UTF-8", .wanted = "UTF-8"});
}

}  // namespace taxon
