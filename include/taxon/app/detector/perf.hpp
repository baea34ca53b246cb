#pragma once
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <taxon/app/detector/detecting.hpp>
#include <taxon/app/detector/profile_options.hpp>
#include <taxon/app/measuring.hpp>
#include <taxon/app/perf_options.hpp>
#include <taxon/app/picture_calibration.hpp>
#include <taxon/app/workload.hpp>
#include <vector>

namespace taxon::app {

/// The verb `perf` of detectors.
struct DetectorPerfOptions : PerfOptions {
    ProfileOptions profile;
    std::vector<std::string> pictures;
};

inline CLI::App* add_detector_perf(CLI::App& program, const Family& family, DetectorPerfOptions& options) {
    auto* verb = add_perf(program, family, options, "picture", "picture file to boxes, over the pictures given");
    add_calibration_options(*verb, options.model.calibration);
    add_profile_options(*verb, options.profile, detect::demo);
    verb->add_option("input", options.pictures, "Pictures or folders of them, only with --end-to-end")->type_name("PICTURE");
    return verb;
}

namespace detail {

/// From picture files, one batch after the other, to boxes. The crew reads, prepares and suppresses; the network's own threads run it.
inline Workload from_files_to_boxes(const Network& network, const Offer& offer, Crew& crew, int batch, const std::vector<std::filesystem::path>& files, const detect::Profile& profile) {
    struct State {
        std::unique_ptr<Network::Scratch> scratch;
        std::vector<float> pictures, tables;
        std::vector<preprocess::LetterboxFit> fits;
        std::size_t next = 0;
    };
    const auto size = static_cast<std::size_t>(batch), in = static_cast<std::size_t>(offer.input.size()), out = static_cast<std::size_t>(offer.output.size());
    const auto state = std::make_shared<State>(State{network.scratch(), std::vector<float>(size * in), std::vector<float>(size * out), std::vector<preprocess::LetterboxFit>(size)});
    return [=, &network, &offer, &crew, &files] {
        const auto for_each = [&](const auto& work) {
            crew.run([&](int worker) {
                for (auto i = static_cast<std::size_t>(worker); i < size; i += static_cast<std::size_t>(crew.size())) work(i, files[(state->next + i) % files.size()]);
            });
        };
        for_each([&](std::size_t i, const std::filesystem::path& file) {
            const Image picture = preprocess::read_image(file);
            state->fits[i] = fit_of(offer, picture.height, picture.width);
            network.preprocess(picture, planes_of(offer, std::span(state->pictures).subspan(i * in, in)));
        });
        network.run(state->pictures, state->tables, *state->scratch);
        for_each([&](std::size_t i, const std::filesystem::path& file) { detections_of(file.string(), std::span(state->tables).subspan(i * out, out), offer, profile, state->fits[i]); });
        state->next = (state->next + size) % files.size();
    };
}

}  // namespace detail

/// The verb `perf` of detectors. Returns the exit code.
inline int run_detector_perf(const Family& family, const DetectorPerfOptions& options, const std::string& executable, Console& console) {
    require_writable("--json", options.report.json);
    options.require_inputs(!options.pictures.empty(), "picture", "perf --end-to-end PICTURE… times picture file to boxes; without both, prepared tensor to raw result");
    if (!options.compare.empty()) read_json(options.compare);  // refused before anything is measured
    const auto files = picture_files(options.pictures);
    const auto start = std::chrono::steady_clock::now();
    const RequestedModel model(family, options.model);
    const auto calibration = picture_calibration(options.model, {.count = options.batch});
    report(measured(family, options, none, "", model, calibration, start, console,
                    [&](const Network& network, const Offer& offer, Crew& crew) {
                        if (options.end_to_end) return detail::from_files_to_boxes(network, offer, crew, options.batch, files, options.profile.profile());
                        return from_samples(network, offer, options.batch, generated_samples("", offer, static_cast<std::size_t>(options.batch), 0));
                    }),
           options, executable, console);
    return 0;
}

}  // namespace taxon::app
