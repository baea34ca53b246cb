#pragma once
#include <memory>
#include <string>
#include <taxon/app/detector/detecting.hpp>
#include <taxon/app/detector/profile_options.hpp>
#include <taxon/app/picture/perf_common.hpp>
#include <vector>

namespace taxon::app {

/// The verb `perf` of detectors.
struct DetectorPerfOptions : PicturePerfOptions {
    ProfileOptions profile;
};

inline CLI::App* add_detector_perf(CLI::App& program, const Family& family, DetectorPerfOptions& options) {
    auto* verb = add_picture_perf(program, family, options, "boxes");
    add_profile_options(*verb, options.profile, detect::demo);
    for (const char* option : {"--profile", "--confidence", "--overlap"})
        verb->get_option(option)->needs(verb->get_option("--end-to-end"));
    return verb;
}

/// The verb `perf` of detectors. Returns the exit code.
inline int run_detector_perf(const Family& family, const DetectorPerfOptions& options, const std::string& executable,
                             Console& console) {
    return run_picture_perf(
        family, options, executable, console, [&](const AnyModel& network, const ModelEntry& entry) -> FileWork {
            const auto fits =
                std::make_shared<std::vector<preprocess::LetterboxFit>>(static_cast<std::size_t>(options.batch));
            return {[&, fits](std::size_t i, const std::filesystem::path& file, std::span<float> tensor) {
                        const Image picture = preprocess::read_image(file);
                        (*fits)[i] = fit_of(entry, picture.height, picture.width);
                        network.preprocess(picture, planes_of(entry, tensor));
                    },
                    [&, fits, profile = options.profile.profile()](std::size_t i, const std::filesystem::path& file,
                                                                   std::span<const float> table) {
                        detections_of(file.string(), table, entry, profile, (*fits)[i]);
                    }};
        });
}

}  // namespace taxon::app
