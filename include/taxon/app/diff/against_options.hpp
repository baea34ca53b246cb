#pragma once
#include <optional>
#include <string>
#include <taxon/app/model/offline_model.hpp>
#include <taxon/app/model/open_weights.hpp>
#include <taxon/app/model/options.hpp>

namespace taxon::app {

/// The side that counts as right: the same network otherwise, or its layers' outputs in files.
struct AgainstOptions {
    std::string folder;
    std::optional<std::string> weights, weights_key, precision, backend, execution, isa;

    bool runs() const { return weights || weights_key || precision || backend || execution || isa; }

    /// Throws Fault::usage unless there is exactly one right side.
    void require_sense() const {
        if (folder.empty() == runs()) return;
        throw Error(Fault::usage,
                    {.place = "diff",
                     .found = runs() ? "--against FOLDER and another --against-… option" : "nothing to compare with",
                     .wanted = "--against FOLDER, or --against-backend, --against-precision, --against-isa, "
                               "--against-execution or --against-weights"});
    }

    /// The right side's options: this side's, but for those given. The Reference backend and an offline file choose
    /// their own precision, execution and instruction set, unless they are given.
    ModelOptions of(const ModelOptions& model, const ModelEntry& entry) const {
        ModelOptions right = model;
        right.variant = entry.variant, right.size = entry.size;
        right.weights = weights.value_or(model.weights);
        if (weights) right.weights_key.clear();
        const bool other_file = weights && OfflineModel::is_meant(*weights) && !names_synthetic_weights(*weights),
                   other_backend = backend && *backend != model.backend;
        if (other_file) right.precision.clear();
        if (other_file || other_backend) right.execution.clear();
        if (other_file) right.backend = "cpu";
        if (other_backend) right.precision.clear(), right.isa = "auto";
        if (weights_key) right.weights_key = *weights_key;
        if (precision) right.precision = *precision;
        if (backend) right.backend = *backend;
        if (execution) right.execution = *execution;
        if (isa) right.isa = *isa;
        return right;
    }
};

inline void add_against_options(CLI::App& verb, AgainstOptions& options) {
    verb.add_option("--against", options.folder,
                    "Compare with layers' outputs in this folder: LAYER.npy or NUMBER_LAYER.npy of all samples, as a "
                    "PyTorch hook or infer --dump-layers writes them. Without other inputs, also the input in it")
        ->type_name("FOLDER");
    const auto add = [&](const std::string& name, std::optional<std::string>& value, const std::string& what,
                         const std::string& type) {
        verb.add_option("--against-" + name, value, "Compare with " + what)->type_name(type);
    };
    add("weights", options.weights, "other weights: a checkpoint, a .taxon file or synthetic[:SALT][@GAIN]", "FILE");
    add("weights-key", options.weights_key, "another state dict of a checkpoint", "KEY");
    add("precision", options.precision, "other number types", "NAME");
    add("backend", options.backend,
        "another backend: reference, the double-precision formulas; in float32 unless --against-precision says so",
        "NAME");
    add("execution", options.execution, "another execution of the layers", "NAME");
    add("isa", options.isa, "another instruction set", "NAME");
}

}  // namespace taxon::app
