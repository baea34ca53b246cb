#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/model/generated_sample.hpp>
#include <taxon/app/perf/benchmark.hpp>
#include <taxon/app/perf/perf_options.hpp>
#include <taxon/app/picture/calibration.hpp>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/app/perf/workload.hpp>
#include <vector>

namespace taxon::app {

/// The verb `perf` over pictures, whatever the answers are.
struct PicturePerfOptions : PerfOptions {
    std::vector<std::string> pictures;
};

inline CLI::App* add_picture_perf(CLI::App& program, const Family& family, PicturePerfOptions& options,
                                  const std::string& answers) {
    auto* verb =
        add_perf(program, family, options, "picture", "picture file to " + answers + ", over the pictures given");
    add_calibration_options(*verb, options.model.calibration);
    verb->add_option("input", options.pictures, "Pictures or folders of them, only with --end-to-end")
        ->type_name("PICTURE");
    return verb;
}

/// What is done with the i-th file of a batch before the network runs, and with its raw result after.
struct FileWork {
    std::function<void(std::size_t i, const std::filesystem::path&, std::span<float> tensor)> prepare;
    std::function<void(std::size_t i, const std::filesystem::path&, std::span<const float> result)> answer;
};

/// From picture files, one batch after the other, to answers. The crew reads, prepares and answers; the network's own
/// threads run it.
inline Workload from_files(const AnyModel& network, const ModelEntry& entry, WorkerPool& workers, int batch,
                           const std::vector<std::filesystem::path>& files, FileWork work) {
    struct State {
        std::unique_ptr<AnyModel::Workspace> workspace;
        std::vector<float> pictures, results;
        std::size_t next = 0;
    };
    const auto size = static_cast<std::size_t>(batch), in = static_cast<std::size_t>(entry.input.size()),
               out = static_cast<std::size_t>(entry.output.size());
    const auto state = std::make_shared<State>(
        State{network.make_workspace(), std::vector<float>(size * in), std::vector<float>(size * out)});
    return [=, &network, &workers, &files] {
        const auto for_each = [&](const auto& one) {
            workers.run([&](int worker) {
                for (auto i = static_cast<std::size_t>(worker); i < size; i += static_cast<std::size_t>(workers.size()))
                    one(i, files[(state->next + i) % files.size()]);
            });
        };
        for_each([&](std::size_t i, const auto& file) {
            work.prepare(i, file, std::span(state->pictures).subspan(i * in, in));
        });
        network.run(state->pictures, state->results, *state->workspace);
        for_each([&](std::size_t i, const auto& file) {
            work.answer(i, file, std::span(state->results).subspan(i * out, out));
        });
        state->next = (state->next + size) % files.size();
    };
}

/// The verb `perf` over pictures; work(network, offer) is what --end-to-end does with files. Returns the exit code.
inline int run_picture_perf(const Family& family, const PicturePerfOptions& options, const std::string& executable,
                            Console& console, const std::function<FileWork(const AnyModel&, const ModelEntry&)>& work) {
    std::vector<NamedFile> inputs{{"--weights", options.model.weights},
                                  {"--compare", options.compare},
                                  {"--calibration-file", options.model.calibration.table},
                                  {"--calibration-dir", options.model.calibration.folder}};
    for (const std::string& picture : options.pictures) inputs.push_back({"an input", picture});
    require_outputs({{"--json", options.report.json}}, inputs);
    options.require_inputs(
        !options.pictures.empty(), "picture",
        "perf --end-to-end PICTURE… times picture file to answer; without both, prepared tensor to raw result");
    if (!options.compare.empty()) read_json(options.compare);  // refused before anything is measured
    const auto files = picture_files(options.pictures);
    const auto start = std::chrono::steady_clock::now();
    const RequestedModel model(family, options.model);
    const auto calibration = picture_calibration(options.model, {.count = options.batch});
    report(measured(family, options, none, "", model, calibration, start, console,
                    [&](const AnyModel& network, const ModelEntry& entry, WorkerPool& workers) {
                        if (options.end_to_end)
                            return from_files(network, entry, workers, options.batch, files, work(network, entry));
                        return from_samples(network, entry, options.batch,
                                            generated_samples("", entry, static_cast<std::size_t>(options.batch), 0));
                    }),
           options, executable, console);
    return 0;
}

}  // namespace taxon::app
