#pragma once
#include <optional>
#include <string>
#include <taxon/app/gen/layer_scan.hpp>
#include <vector>

namespace taxon::app {

/// The result of a level: the precisions tried, the one to write, and why.
struct PrecisionSearchResult {
    Rule rule{};
    std::string compared_on{};  ///< Comparison::kind
    Metric metric{};
    std::size_t compared = 0;
    std::vector<Candidate> candidates{};  ///< float32 first
    std::size_t written = 0;
    std::vector<std::string_view> not_built{};
    std::optional<LayerScan> scan{};

    const Candidate& floats() const { return candidates.front(); }
    const Candidate& choice() const { return candidates[written]; }
    double speedup() const { return floats().milliseconds / choice().milliseconds; }
};

}  // namespace taxon::app
