#pragma once
#include <memory>
#include <string>
#include <taxon/app/run/sample_options.hpp>
#include <taxon/app/tensor/calibration.hpp>
#include <taxon/app/tensor/output_names.hpp>
#include <taxon/app/tensor/tensors.hpp>
#include <vector>

namespace taxon::app {

/// Samples of a network over tensors: a file for each input, or generated ones.
class TensorSampleOptions final : public SampleOptions {
  public:
    void add(CLI::App& verb, const Family& family, CalibrationOptions& calibration) override {
        verb_ = verb.get_name();
        verb.add_option("--tensor", tensors_, tensor_help(family))->type_name("NAME=FILE.npy");
        verb.add_option("--input", generated_, "Instead: synthetic[:SALT], a generated sample")->type_name("SOURCE");
        add_tensor_calibration_options(verb, calibration);
    }

    void add_calibration(CLI::App& verb, const Family&, CalibrationOptions& calibration) override {
        add_tensor_calibration_options(verb, calibration);
    }

    bool named() const override {
        if (!tensors_.empty() && !generated_.empty())
            throw Error(Fault::usage, {.place = verb_, .found = "inputs of both kinds", .wanted = wanted()});
        return !tensors_.empty() || !generated_.empty();
    }
    std::string wanted() const override { return "--tensor NAME=FILE.npy for each input, or --input synthetic[:SALT]"; }

    std::vector<NamedFile> files() const override {
        std::vector<NamedFile> files;
        for (const std::string& text : tensors_) files.push_back({"--tensor", text.substr(text.rfind('=') + 1)});
        return files;
    }

    Samples samples(const ModelOptions&, const RequestedModel& model, const AnyModel&,
                    const std::string& folder) const override {
        const ModelEntry& entry = model.entry();
        std::vector<std::string> texts = tensors_;
        if (!named())
            for (const Port& input : entry.graph.inputs)
                texts.push_back(name_of(input, "input") + "=" + folder + "/" + file_name_of(name_of(input, "input")) +
                                ".npy");
        const auto tensors =
            std::make_shared<const Tensors>(texts.empty() ? generated_tensors(generated_, entry, 1)
                                                          : tensors_of_files(texts, entry, "--tensor", false));
        Samples samples{{}, [tensors](std::size_t i) { return tensors->sample(i); }};
        for (std::size_t i = 0; i < tensors->count; ++i)
            samples.names.push_back((texts.empty() ? generated_ : "sample") + "[" + std::to_string(i) + "]");
        return samples;
    }

    CalibrationSource calibration(const ModelOptions& options, const RequestedModel&) const override {
        return tensor_calibration(options, generated_.empty() ? "synthetic" : generated_);
    }

  private:
    std::string verb_;
    std::vector<std::string> tensors_;
    std::string generated_;
};

}  // namespace taxon::app
