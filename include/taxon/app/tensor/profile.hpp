#pragma once
#include <string>
#include <taxon/app/profile/profiling.hpp>
#include <taxon/app/tensor/calibration.hpp>

namespace taxon::app {

/// Profiles a network on generated tensors.
class TensorProfiling final : public Profiling {
    void add_inputs(CLI::App& verb, const Family&) override {
        add_tensor_calibration_options(verb, options.model.calibration);
    }
    Work work(const RequestedModel&) const override { return {.calibration = tensor_calibration(options.model)}; }
};

}  // namespace taxon::app
