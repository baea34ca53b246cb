#pragma once
#include <cstdint>
#include <taxon/core/limits.hpp>

#include <CLI/CLI.hpp>

namespace taxon::app {

/// Options for reading pictures.
struct ReadingOptions {
    bool exif = false;  ///< turn pictures as their EXIF orientation says
    std::uint64_t max_pixels = Limits{}.picture_pixels;
    bool skip_unreadable = false;
};

/// `turns`: whether pictures are turned by default, as OpenCV does for detectors, or not, as Pillow and torchvision do
/// not for classifiers.
inline void add_reading_options(CLI::App& verb, ReadingOptions& options, bool turns) {
    options.exif = turns;
    verb.add_flag("--exif,!--no-exif", options.exif,
                  turns ? "Turn pictures as their EXIF orientation says, as OpenCV's imread does (default), or, with "
                          "--no-exif, take them as they are stored"
                        : "Turn pictures as their EXIF orientation says. Default: --no-exif, as they are stored, for "
                          "neither Pillow nor torchvision's loader turns them");
    constexpr std::uint64_t most = std::uint64_t{1} << 28;  // Limits::picture_side, squared
    verb.add_option(
            "--max-pixels", options.max_pixels,
            "Refuse pictures of more pixels. Four bytes for each of as many are what the pictures of all threads "
            "take together")
        ->check(CLI::Range(std::uint64_t{1}, most))
        ->type_name("N")
        ->capture_default_str();
}

inline void add_skip_option(CLI::App& verb, ReadingOptions& options) {
    verb.add_flag("--skip-unreadable", options.skip_unreadable,
                  "Pass over pictures that cannot be read, and list them. Default: an error that names them");
}

}  // namespace taxon::app
