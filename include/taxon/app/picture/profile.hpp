#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/app/picture/calibration.hpp>
#include <taxon/app/picture/classifier_work.hpp>
#include <taxon/app/profile/profiling.hpp>
#include <vector>

namespace taxon::app {

/// Profiles a network over pictures, whatever the results are.
class PictureProfiling : public Profiling {
  protected:
    void add_inputs(CLI::App& verb, const Family& family) override {
        add_calibration_options(verb, family, options.model.calibration);
        add_reading_options(verb, reading_, turns());
        verb.add_option("input", pictures_, "Pictures or folders of them, only with --end-to-end")
            ->type_name("PICTURE");
    }

    /// The end point of --end-to-end, for people.
    virtual std::string_view answers() const = 0;

    /// Whether pictures are turned by default: see add_reading_options.
    virtual bool turns() const = 0;

    /// The work of --end-to-end on files. What it is given outlives it.
    virtual FileWork file_work(const AnyModel& network, const ModelEntry& entry, const PictureReader& reader) const = 0;

  private:
    std::string noun() const override { return "picture"; }
    std::string timed() const override {
        return "picture file to " + std::string(answers()) + ", over the pictures given";
    }
    std::vector<NamedFile> inputs() const override {
        std::vector<NamedFile> files{{"--calibration-file", options.model.calibration.table},
                                     {"--calibration-dir", options.model.calibration.folder}};
        for (const std::string& picture : pictures_) files.push_back({"an input", picture});
        return files;
    }
    void check_inputs() const override {
        options.require_inputs(!pictures_.empty(), "picture",
                               "profile --end-to-end PICTURE… profiles picture file to answer; without both, profile "
                               "takes prepared tensors");
    }
    Work work(const RequestedModel& model) const override {
        require_single_ports(model.entry(), "profile");
        const auto reader = std::make_shared<PictureReader>(reading_);
        Work all{.calibration = picture_calibration(options.model, {.count = options.batch}, *reader)};
        if (!options.end_to_end) return all;
        all.stages = {.reading = "decode", .preprocesses = true};
        all.end_to_end = [this, reader, files = picture_files(pictures_).files](
                             const AnyModel& network, const ModelEntry& entry, WorkerPool& workers) {
            return from_files(network, entry, workers, options.batch, files, file_work(network, entry, *reader));
        };
        return all;
    }

    std::vector<std::string> pictures_{};
    ReadingOptions reading_{};
};

class ClassifierProfiling final : public PictureProfiling {
    std::string_view answers() const override { return "best five classes"; }
    bool turns() const override { return false; }

    FileWork file_work(const AnyModel& network, const ModelEntry& entry, const PictureReader& reader) const override {
        return classifier_work(network, entry, reader);
    }
};

}  // namespace taxon::app
