#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <taxon/app/console/worker_pool.hpp>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/app/perf/workload.hpp>
#include <vector>

namespace taxon::app {

/// The work on the i-th file of a batch before the network runs, and on its raw result afterwards.
struct FileWork {
    std::function<void(std::size_t i, const std::filesystem::path&, std::span<float> tensor)> prepare;
    std::function<void(std::size_t i, const std::filesystem::path&, std::span<const float> result)> answer;
};

/// From picture files, batch by batch, to results. The workers read, prepare and postprocess; the network's own threads
/// run it.
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

}  // namespace taxon::app
