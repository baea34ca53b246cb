#pragma once
#include <memory>
#include <taxon/app/detector/detecting.hpp>
#include <taxon/app/detector/profile_options.hpp>
#include <taxon/app/picture/perf.hpp>
#include <vector>

namespace taxon::app {

class DetectorPerf final : public PicturePerf {
  public:
    CLI::App* add(CLI::App& program, const Family& family) override {
        auto* verb = PicturePerf::add(program, family);
        add_profile_options(*verb, profile_, detect::demo);
        for (const char* option : {"--profile", "--confidence", "--overlap"})
            verb->get_option(option)->needs(verb->get_option("--end-to-end"));
        return verb;
    }

  private:
    std::string_view answers() const override { return "boxes"; }
    bool turns() const override { return true; }

    FileWork work(const AnyModel& network, const ModelEntry& entry, int batch,
                  const PictureReader& reader) const override {
        const auto fits = std::make_shared<std::vector<preprocess::LetterboxFit>>(static_cast<std::size_t>(batch));
        return {[&, fits](std::size_t i, const std::filesystem::path& file, std::span<float> tensor) {
                    reader.read(file, [&](const Image& picture) {
                        (*fits)[i] = fit_of(entry, picture.height, picture.width);
                        network.preprocess(picture, planes_of(entry.input, tensor));
                    });
                },
                [&, fits, profile = profile_.profile()](std::size_t i, const std::filesystem::path& file,
                                                        std::span<const float> table) {
                    detections_of(file.string(), table, entry, profile, (*fits)[i]);
                }};
    }

    ProfileOptions profile_;
};

}  // namespace taxon::app
