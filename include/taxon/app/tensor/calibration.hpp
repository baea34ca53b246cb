#pragma once
#include <taxon/app/model/calibration.hpp>
#include <taxon/app/model/open_weights.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/app/tensor/tensors.hpp>
#include <memory>

namespace taxon::app {

inline void add_tensor_calibration_options(CLI::App& verb, CalibrationOptions& options) {
    verb.add_option(
            "--calibration-tensor", options.tensors,
            "Tensors to calibrate a quantized precision with, float32 of shape (N, C, H, W): one for each input")
        ->type_name("NAME=FILE.npy");
    add_calibration_method_options(verb, options);
}

/// The tensors that the options name; generated ones only for generated weights. `source`: synthetic[:SALT].
inline CalibrationSource tensor_calibration(const ModelOptions& options, const std::string& source = "synthetic",
                                            std::size_t generated = 1) {
    return [&options, source, generated](const AnyModel&, const ModelEntry& entry) -> CalibrationInputs {
        const auto& files = options.calibration.tensors;
        if (files.empty() && !names_synthetic_weights(options.weights))
            throw Error(Fault::usage, {.place = "--precision " + std::string(entry.precision),
                                       .found = "no ranges of its values",
                                       .wanted = "--calibration-tensor NAME=FILE.npy for each input, or a .taxon file",
                                       .remedy = "gen makes one"});
        const auto tensors = std::make_shared<const Tensors>(
            files.empty() ? generated_tensors(source, entry, generated)
                          : tensors_of_files(files, entry, "--calibration-tensor", false));
        return {tensors->count, [tensors](std::size_t i, std::vector<float>& to) { to = tensors->sample(i); },
                files.empty() ? "generated" : "tensors"};
    };
}

}  // namespace taxon::app
