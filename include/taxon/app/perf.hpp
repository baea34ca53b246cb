#pragma once
#include <memory>
#include <string>
#include <taxon/app/console.hpp>
#include <taxon/app/generated_sample.hpp>
#include <taxon/app/measuring.hpp>
#include <taxon/app/perf_options.hpp>
#include <taxon/app/picture_batch.hpp>
#include <taxon/app/picture_calibration.hpp>
#include <taxon/app/requested_model.hpp>
#include <taxon/app/workload.hpp>
#include <vector>

namespace taxon::app {

/// The verb `perf` of classifiers of pictures.
struct ClassifierPerfOptions : PerfOptions {
    std::vector<std::string> pictures;
};

inline CLI::App* add_classifier_perf(CLI::App& program, const Family& family, ClassifierPerfOptions& options) {
    auto* verb = add_perf(program, family, options, "picture", "picture file to best five classes, over the pictures given");
    add_calibration_options(*verb, options.model.calibration);
    verb->add_option("input", options.pictures, "Pictures or folders of them, only with --end-to-end")->type_name("PICTURE");
    return verb;
}

namespace detail {

/// From picture files, one batch after the other, to their best classes.
inline Workload from_files(const Network& network, const Offer& offer, Crew& crew, int batch, const std::vector<std::filesystem::path>& files) {
    struct State {
        PictureBatch batch;
        std::vector<float> pictures, answers;
        std::size_t next = 0;
    };
    const auto state = std::make_shared<State>(State{{network, offer, batch, crew}, {}, {}});
    state->pictures.resize(state->batch.inputs()), state->answers.resize(state->batch.outputs());
    return [state, &offer, &files, batch] {
        state->batch.run_files(files, offer, state->next, state->pictures, state->answers);
        state->next = (state->next + static_cast<std::size_t>(batch)) % files.size();
    };
}

}  // namespace detail

/// The verb `perf` of classifiers of pictures. Returns the exit code.
inline int run_perf(const Family& family, const ClassifierPerfOptions& options, const std::string& executable, Console& console) {
    require_writable("--json", options.report.json);
    options.require_inputs(!options.pictures.empty(), "picture", "perf --end-to-end PICTURE… times picture file to answer; without both, prepared tensor to raw result");
    if (!options.compare.empty()) read_json(options.compare);  // refused before anything is measured
    const auto files = picture_files(options.pictures);
    const auto start = std::chrono::steady_clock::now();
    const RequestedModel model(family, options.model);
    const auto calibration = picture_calibration(options.model, {.count = options.batch});
    report(measured(family, options, none, "", model, calibration, start, console,
                    [&](const Network& network, const Offer& offer, Crew& crew) {
                        if (options.end_to_end) return detail::from_files(network, offer, crew, options.batch, files);
                        return from_samples(network, offer, options.batch, generated_samples("", offer, static_cast<std::size_t>(options.batch), 0));
                    }),
           options, executable, console);
    return 0;
}

}  // namespace taxon::app
