#pragma once
#include <memory>
#include <string>
#include <taxon/app/picture/calibration.hpp>
#include <taxon/app/picture/inputs.hpp>
#include <taxon/app/run/sample_options.hpp>

namespace taxon::app {

/// Samples of a network over pictures: files, generated ones or a tensor.
class PictureSampleOptions final : public SampleOptions {
  public:
    /// `turns`: as add_reading_options.
    explicit PictureSampleOptions(bool turns) : turns_(turns) {}

    void add(CLI::App& verb, const Family& family, CalibrationOptions& calibration) override {
        verb_ = verb.get_name();
        add_picture_source(verb, family, options_, turns_, "a generated picture");
        add_calibration_options(verb, family, calibration);
    }

    void add_calibration(CLI::App& verb, const Family& family, CalibrationOptions& calibration) override {
        add_calibration_options(verb, family, calibration);
    }

    bool named() const override { return options_.has_source(verb_); }
    std::string wanted() const override { return std::string(PictureInferOptions::sources_wanted); }

    std::vector<NamedFile> files() const override {
        std::vector<NamedFile> files{{"--tensor", options_.tensor},
                                     {"--inputs", options_.list == "-" ? std::string() : options_.list}};
        for (const std::string& picture : options_.pictures) files.push_back({"an input", picture});
        return files;
    }

    Samples samples(const ModelOptions&, const RequestedModel& model, const AnyModel& network,
                    const std::string& folder) const override {
        const ModelEntry& entry = model.entry();
        require_single_ports(entry, verb_);
        PictureInferOptions options = options_;
        if (!options.has_source(verb_)) options.tensor = folder + "/input.npy";
        const auto inputs = std::make_shared<const PictureInputs>(picture_inputs(options, entry));
        const auto reader = std::make_shared<const PictureReader>(options.reading);
        return {inputs->names, [inputs, reader, &entry, &network](std::size_t i) {
                    std::vector<float> sample(static_cast<std::size_t>(entry.input.size()));
                    inputs->prepare(network, entry, *reader, i, sample);
                    return sample;
                }};
    }

    CalibrationSource calibration(const ModelOptions& options, const RequestedModel&) const override {
        return [&options, generated = options_.generated_inputs(),
                reader = std::make_shared<const PictureReader>(options_.reading)](const AnyModel& network,
                                                                                  const ModelEntry& entry) {
            return picture_calibration(options, generated, *reader)(network, entry);
        };
    }

  private:
    bool turns_;
    std::string verb_;
    PictureInferOptions options_;
};

}  // namespace taxon::app
