#pragma once
#include <optional>
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/json.hpp>
#include <taxon/app/gen/level_options.hpp>
#include <taxon/app/gen/level_report.hpp>
#include <taxon/app/gen/precision_search.hpp>
#include <taxon/app/gen/write_offline.hpp>
#include <taxon/app/picture/calibration.hpp>
#include <taxon/app/model/requested_model.hpp>

namespace taxon::app {

namespace detail {

/// What to choose a row of the table by: with --level, float32's, which the others are compared with.
inline ModelOptions requested(const LevelOptions& options) {
    ModelOptions model = options.model;
    if (options.level.empty()) return model;
    model.calibration.require_sense();
    model.calibration = {};
    model.precision = precision::Float32::name;
    return model;
}

}  // namespace detail

/// The verb `gen` of classifiers of pictures. The model is written once everything about it went well, and whole or not
/// at all. Returns the exit code.
inline int run_gen(const Family& family, const LevelOptions& options, Console& console) {
    require_outputs({{"--output", options.output}, {"--json", options.report.json}},
                    {{"--weights", options.model.weights},
                     {"--labels", options.labels},
                     {"--calibration-file", options.model.calibration.table}});
    Extras extras{.batch = options.batch()};
    const RequestedModel model(family, detail::requested(options));
    require_packable(model);
    require_other_file(options.model.weights, options.output);
    const ClassNames names = model.names(options.labels);
    for (std::size_t i = 0; i < names.size(); ++i) extras.labels.push_back(names.of(static_cast<int>(i)));
    std::optional<PrecisionSearchResult> levelled;
    std::optional<BoundModel> as_asked;
    if (options.level.empty())
        as_asked = model.bind(1, picture_calibration(options.model, {}), console, options.report.quiet);
    else levelled = levelled_model(family, model.entry(), options, console);
    const BoundModel& bound = levelled ? levelled->choice().model : *as_asked;

    Json json =
        write_offline(options.output, family, levelled ? *levelled->choice().entry : model.entry(), bound, extras);
    if (levelled) json["level"] = json_of(*levelled);
    if (!options.report.json.empty()) write_json(options.report.json, json);
    if (!options.report.quiet)
        console.out << readable_offline(json, bound.weights) << (levelled ? "\n" + readable(*levelled) : "");
    return 0;
}

}  // namespace taxon::app
