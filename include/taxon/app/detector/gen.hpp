#pragma once
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/detector/detecting.hpp>
#include <taxon/app/gen/gen_options.hpp>
#include <taxon/app/gen/write_offline.hpp>
#include <taxon/app/picture/calibration.hpp>

namespace taxon::app {

/// The verb `gen` of detectors. The model is written once everything about it went well, and whole or not at all.
/// Returns the exit code.
inline int run_detector_gen(const Family& family, const GenOptions& options, Console& console) {
    require_outputs({{"--output", options.output}, {"--json", options.report.json}},
                    {{"--weights", options.model.weights},
                     {"--labels", options.labels},
                     {"--calibration-file", options.model.calibration.table}});
    Extras extras{.batch = options.batch()};
    const RequestedModel model(family, options.model);
    require_packable(model);
    require_other_file(options.model.weights, options.output);
    const BoundModel bound = model.bind(1, picture_calibration(options.model, {}), console, options.report.quiet);
    const ClassNames names = detector_class_names(options.labels, family, model.entry(), bound);
    for (std::size_t i = 0; i < names.size(); ++i) extras.labels.push_back(names.of(static_cast<int>(i)));
    const Json json = write_offline(options.output, family, model.entry(), bound, extras);
    if (!options.report.json.empty()) write_json(options.report.json, json);
    if (!options.report.quiet) console.out << readable_offline(json, bound.weights);
    return 0;
}

}  // namespace taxon::app
