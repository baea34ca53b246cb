#pragma once
#include <taxon/app/perf/perf.hpp>
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
        const auto subject_of = [](const RequestedModel&, const ModelOptions& named) -> PerfSubject {
            return {tensor_calibration(named),
                    [](const AnyModel& network, const ModelEntry& entry, int batch, WorkerPool&) {
                        return from_samples(
                            network, entry, batch,
                            generated_samples("", entry, static_cast<std::size_t>(batch), entry.input.width));
                    }};
        };
        return run_perf(program, options, {}, subject_of, console);
    }
};

}  // namespace taxon::app
