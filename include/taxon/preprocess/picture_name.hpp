#pragma once
#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>

#include <taxon/preprocess/picture_format.hpp>

namespace taxon::preprocess {

/// Endings of picture files, for messages.
inline constexpr std::string_view picture_endings =
    reads_webp ? ".jpg, .jpeg, .png, .bmp or .webp" : ".jpg, .jpeg, .png or .bmp";

/// A file's ending in lower case: ".jpg" of "a.Jpg".
inline std::string lower_ending(const std::filesystem::path& file) {
    std::string ending = file.extension().string();
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    std::transform(ending.begin(), ending.end(), ending.begin(), lower);
    return ending;
}

/// True for what file managers hide and what macOS leaves behind: ".DS_Store", and the "._a.jpg" beside an "a.jpg" or
/// in a zip archive's "__MACOSX", which is not a picture.
inline bool is_hidden_name(const std::filesystem::path& file) {
    const std::string name = file.filename().string();
    return name.starts_with('.') || name == "__MACOSX";
}

/// True if a file's name has the ending of a supported picture format, in upper or lower case, and is not hidden.
inline bool is_picture_name(const std::filesystem::path& file) {
    if (is_hidden_name(file)) return false;
    const std::string ending = lower_ending(file);
    return ending == ".jpg" || ending == ".jpeg" || ending == ".png" || ending == ".bmp" ||
           (reads_webp && ending == ".webp");
}

}  // namespace taxon::preprocess
