#pragma once
#include <cstdint>
#include <string>
#include <taxon/core/limits.hpp>

#include <CLI/CLI.hpp>

namespace taxon::app {

/// Options for reading pictures.
struct ReadingOptions {
    bool exif = false;  ///< turn pictures as their EXIF orientation says
    std::uint64_t max_pixels = Limits{}.picture_pixels;
    bool skip_unreadable = false;
};

/// What of these a result depends on, for people.
inline std::string reading_text(const ReadingOptions& options) {
    return std::string(options.exif ? "EXIF orientation applied" : "EXIF orientation ignored") + ", at most " +
           std::to_string(options.max_pixels) + " pixels" +
           (options.skip_unreadable ? ", unreadable pictures skipped" : "");
}

/// `turns`: whether pictures are turned by default. Detectors turn them, as OpenCV does; classifiers do not, as Pillow
/// and torchvision do not.
inline void add_reading_options(CLI::App& verb, ReadingOptions& options, bool turns) {
    options.exif = turns;
    verb.add_flag("--exif,!--no-exif", options.exif,
                  turns
                      ? "Apply the EXIF orientation, as OpenCV's imread does (default); --no-exif ignores it"
                      : "Apply the EXIF orientation. Default: --no-exif, ignore it, as Pillow and torchvision's loader "
                        "do");
    constexpr std::uint64_t most = std::uint64_t{1} << 28;  // Limits::picture_side, squared
    verb.add_option("--max-pixels", options.max_pixels,
                    "Reject pictures with more pixels. All threads together decode into at most four bytes for each of "
                    "this many "
                    "pixels")
        ->check(CLI::Range(std::uint64_t{1}, most))
        ->type_name("N")
        ->capture_default_str();
}

inline void add_skip_option(CLI::App& verb, ReadingOptions& options) {
    verb.add_flag("--skip-unreadable", options.skip_unreadable,
                  "Skip pictures that cannot be read, and list them. Default: an error that names them");
}

}  // namespace taxon::app
