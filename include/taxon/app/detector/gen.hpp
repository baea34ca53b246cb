#pragma once
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/detector/detecting.hpp>
#include <taxon/app/gen/options.hpp>
#include <taxon/app/gen/write_offline.hpp>
#include <taxon/app/picture/calibration.hpp>
#include <taxon/app/program/verb.hpp>

namespace taxon::app {

/// Writes an off-line file of a detector, once everything about it went well, and whole or not at all.
struct DetectorGen final : Verb {
    GenOptions options;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = add_gen(program, family, options);
        verb->get_option("--labels")
            ->description("The classes' names to store, a line each. Default: those that came with the weights, else "
                          "COCO's if there are 80");
        add_calibration_options(*verb, options.model.calibration);
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const Family& family = program.family;
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
};

}  // namespace taxon::app
