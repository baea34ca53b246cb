#pragma once
#include <taxon/app/gen/options.hpp>
#include <taxon/app/gen/write_offline.hpp>
#include <taxon/app/program/verb.hpp>
#include <taxon/app/tensor/calibration.hpp>

namespace taxon::app {

/// Writes an offline file, atomically and only once everything has succeeded.
struct TensorGen final : Verb {
    GenOptions options;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = add_gen(program, family, options);
        add_tensor_calibration_options(*verb, options.model.calibration);
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        const RequestedModel model = packable_model(program.family, options, options.model);
        Extras extras{.batch = options.batch()};
        if (!options.labels.empty()) {
            require_single_ports(model.entry(), "gen --labels");
            extras.labels = model.names(options.labels).list();
        }
        const auto bound = model.bind(1, tensor_calibration(options.model), console, options.report.quiet);
        const Json json = write_offline(options.output, program.family, model.entry(), bound, extras);
        report(json, bound.weights, options.report, console);
        return 0;
    }
};

}  // namespace taxon::app
