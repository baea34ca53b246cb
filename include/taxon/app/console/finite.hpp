#pragma once
#include <cmath>
#include <cstdlib>
#include <string>

#include <CLI/CLI.hpp>

namespace taxon::app {

/// Rejects an infinite or NaN value of an option, which CLI::Range lets pass.
inline const CLI::Validator finite(
    [](const std::string& text) {
        return std::isfinite(std::strtod(text.c_str(), nullptr)) ? std::string()
                                                                 : "a finite number is wanted, found " + text;
    },
    "");

}  // namespace taxon::app
