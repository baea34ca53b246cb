#pragma once
#include <taxon/app/gen/precision_search.hpp>
#include <taxon/app/picture/calibration.hpp>

namespace taxon::app {

/// Pictures, or generated inputs where none are given, for a precision search; `comparison` is left to the caller.
inline SearchInputs picture_search_inputs(const ModelOptions& options, const PictureReader& reader) {
    const GeneratedInputs generated{.count = 64};
    return {.typical_inputs = "--calibration-dir DIR or --calibration-file TSV of typical pictures",
            .calibration = picture_calibration(options, generated, reader),
            .samples =
                [&options, generated, &reader](const AnyModel& network, const ModelEntry& entry) {
                    return picture_samples(options.calibration, generated, reader, network, entry);
                },
            .comparison = {}};
}

}  // namespace taxon::app
