#pragma once
#include <string>
#include <taxon/app/model/generated_sample.hpp>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/app/perf/perf.hpp>
#include <taxon/app/picture/calibration.hpp>
#include <taxon/app/picture/classifier_work.hpp>
#include <taxon/app/program/verb.hpp>
#include <vector>

namespace taxon::app {

struct PicturePerfOptions : PerfOptions {
    std::vector<std::string> pictures;
    ReadingOptions reading{};
};

/// Measures speed and memory of a network over pictures, whatever the results are.
class PicturePerf : public Verb {
  public:
    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = add_perf(program, family, options, "picture",
                              "picture file to " + std::string(answers()) + ", over the pictures given");
        add_calibration_options(*verb, family, options.model.calibration);
        add_reading_options(*verb, options.reading, turns());
        verb->add_option("input", options.pictures, "Pictures or folders of them, only with --end-to-end")
            ->type_name("PICTURE");
        return verb;
    }

    int run(const Program& program, Console& console) const override {
        std::vector<NamedFile> inputs{{"--calibration-file", options.model.calibration.table},
                                      {"--calibration-dir", options.model.calibration.folder}};
        for (const std::string& picture : options.pictures) inputs.push_back({"an input", picture});
        options.require_inputs(!options.pictures.empty(), "picture",
                               "perf --end-to-end PICTURE… times picture file to answer; without both, perf times "
                               "prepared tensor to raw result");
        const auto files = picture_files(options.pictures).files;
        const PictureReader reader(options.reading);
        const auto subject_of = [&](const RequestedModel& model, const ModelOptions& named) -> PerfSubject {
            require_single_ports(model.entry(), "perf");
            const auto work = [&](const AnyModel& network, const ModelEntry& entry, int batch, WorkerPool& workers) {
                if (options.end_to_end)
                    return from_files(network, entry, workers, batch, files, this->work(network, entry, batch, reader));
                return from_samples(network, entry, batch,
                                    generated_samples("", entry, static_cast<std::size_t>(batch), 0));
            };
            return {picture_calibration(named, {.count = options.largest_batch()}, reader), work};
        };
        return run_perf(program, options, std::move(inputs), subject_of, console);
    }

  protected:
    PicturePerfOptions options;

    /// The end point of --end-to-end, for people.
    virtual std::string_view answers() const = 0;

    /// Whether pictures are turned by default: see add_reading_options.
    virtual bool turns() const = 0;

    /// The work of --end-to-end on files. What it is given outlives it.
    virtual FileWork work(const AnyModel& network, const ModelEntry& entry, int batch,
                          const PictureReader& reader) const = 0;
};

class ClassifierPerf final : public PicturePerf {
    std::string_view answers() const override { return "best five classes"; }
    bool turns() const override { return false; }

    FileWork work(const AnyModel& network, const ModelEntry& entry, int, const PictureReader& reader) const override {
        return classifier_work(network, entry, reader);
    }
};

}  // namespace taxon::app
