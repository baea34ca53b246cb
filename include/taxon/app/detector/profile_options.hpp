#pragma once
#include <optional>
#include <string>
#include <taxon/app/console/finite.hpp>
#include <taxon/detect/profile.hpp>

#include <CLI/CLI.hpp>

namespace taxon::app {

/// Options that select a detector's boxes.
struct ProfileOptions {
    std::string name;  ///< "demo" or "eval"
    std::optional<double> confidence, overlap;

    detect::Profile profile() const {
        detect::Profile profile = name == detect::demo.name ? detect::demo : detect::evaluation;
        if (confidence) profile.confidence = static_cast<float>(*confidence);
        if (overlap) profile.overlap = *overlap;
        return profile;
    }
};

inline void add_profile_options(CLI::App& verb, ProfileOptions& options, const detect::Profile& standard) {
    options.name = std::string(standard.name);
    verb.add_option(
            "--profile", options.name,
            "Detection thresholds. demo: score over 0.25, IoU up to 0.45, only a box's best class; eval: 0.001, "
            "0.6, every class; at most 300 boxes either way")
        ->check(CLI::IsMember({"demo", "eval"}))
        ->type_name("demo|eval")
        ->capture_default_str();
    verb.add_option("--confidence", options.confidence,
                    "Score threshold (objectness times class) instead of the profile's")
        ->check(CLI::Range(0., 1.))
        ->check(finite)
        ->type_name("P");
    verb.add_option("--overlap", options.overlap, "IoU threshold of non-maximum suppression instead of the profile's")
        ->check(CLI::Range(0., 1.))
        ->check(finite)
        ->type_name("P");
}

}  // namespace taxon::app
