#pragma once
#include <taxon/app/model/calibrated_weights.hpp>

/// Definitions for calibrated_weights.hpp, compiled once for all kinds of programs.
namespace taxon::app {

CalibratedWeights calibrated_weights(const Family& family, const ModelEntry& entry, const ModelOptions& options,
                                     const CalibrationSource& calibration, Console& console, bool quiet) {
    CalibratedWeights weights{open_weights(family, entry, options)};
    tell(weights.opened.remarks, console, quiet);
    if (!entry.data_types.quantized()) return weights;
    if (options.calibration.equalise)
        weights.equalised = std::make_unique<const quantize::Equalised>(entry.graph, *weights.opened.source);
    auto [ranges, facts] =
        find_ranges(family, entry, entry.plan, weights.source(), options, calibration, console, quiet);
    if (weights.equalised) facts.equalised_pairs = weights.equalised->pairs();
    weights.ranges = std::move(ranges), weights.facts = std::move(facts);
    return weights;
}

}  // namespace taxon::app
