#pragma once
#include <memory>
#include <optional>
#include <taxon/app/model/found_ranges.hpp>
#include <taxon/quantize/equalise.hpp>
#include <taxon/quantize/stored_values.hpp>

namespace taxon::app {

/// Weights, and of a network of integers the ranges of what it stores.
struct CalibratedWeights {
    OpenedWeights opened;
    std::unique_ptr<const quantize::Equalised> equalised{};
    quantize::Ranges ranges{};
    std::optional<CalibrationFacts> facts{};

    /// Those that the ranges are for.
    const WeightSource& source() const {
        if (equalised) return *equalised;
        return *opened.source;
    }
};

/// Opens the weights that the options name, says what is to say about them, and calibrates a network of integers with
/// them. Throws as open_weights and find_ranges do.
CalibratedWeights calibrated_weights(const Family& family, const ModelEntry& entry, const ModelOptions& options,
                                     const CalibrationSource& calibration, Console& console, bool quiet);

}  // namespace taxon::app
