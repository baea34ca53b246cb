#pragma once
#include <chrono>
#include <string>
#include <taxon/app/perf/benchmark.hpp>
#include <taxon/app/program/verb.hpp>
#include <taxon/app/tensor/calibration.hpp>

namespace taxon::app {

/// Measures speed and memory on generated tensors.
struct TensorPerf final : Verb {
    PerfOptions options;

    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = add_perf(program, family, options, "sample", "");
        add_tensor_calibration_options(*verb, options.model.calibration);
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        require_outputs({options.report.file()},
                        {{"--weights", options.model.weights}, {"--compare", options.compare}});
        if (!options.compare.empty()) read_json(options.compare);  // rejected before anything is measured
        const auto start = std::chrono::steady_clock::now();
        const RequestedModel model(program.family, options.model);
        const auto make = [&](const AnyModel& network, const ModelEntry& entry, WorkerPool&) {
            const auto count = static_cast<std::size_t>(options.batch);
            return from_samples(network, entry, options.batch, generated_samples("", entry, count, entry.input.width));
        };
        report(
            measured(program.family, options, none, "", model, tensor_calibration(options.model), start, console, make),
            options, program.executable, console);
        return 0;
    }
};

}  // namespace taxon::app
