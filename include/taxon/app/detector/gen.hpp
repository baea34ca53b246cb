#pragma once
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/detector/detecting.hpp>
#include <taxon/app/gen/options.hpp>
#include <taxon/app/gen/write_offline.hpp>
#include <taxon/app/picture/calibration.hpp>
#include <taxon/app/program/verb.hpp>

namespace taxon::app {

/// Writes an offline file of a detector, atomically and only once everything has succeeded.
struct DetectorGen final : Verb {
    GenOptions options;
    ReadingOptions reading;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = add_gen(program, family, options);
        verb->get_option("--labels")
            ->description("Class names to store, one per line. Default: those that came with the weights, else "
                          "COCO's if there are 80");
        add_calibration_options(*verb, options.model.calibration);
        add_reading_options(*verb, reading, true);
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const Family& family = program.family;
        const PictureReader reader(reading);
        Extras extras{.batch = options.batch()};
        const RequestedModel model = packable_model(family, options, options.model);
        const BoundModel bound =
            model.bind(1, picture_calibration(options.model, {}, reader), console, options.report.quiet);
        extras.labels = detector_class_names(options.labels, family, model.entry(), bound).list();
        const Json json = write_offline(options.output, family, model.entry(), bound, extras);
        report(json, bound.weights, options.report, console);
        return 0;
    }
};

}  // namespace taxon::app
