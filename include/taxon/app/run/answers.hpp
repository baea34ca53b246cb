#pragma once
#include <algorithm>
#include <functional>
#include <memory>
#include <span>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/app/console/groups.hpp>
#include <taxon/app/model/model_entry.hpp>
#include <vector>

namespace taxon::app {

/// Sees one input's index, prepared tensor (C, H, W) and raw result. Called once an input, from any of the workers'
/// threads.
using SeeAnswer = std::function<void(std::size_t index, std::span<const float> input, std::span<const float> output)>;

namespace detail {

/// What each worker needs for itself.
struct WorkerState {
    std::unique_ptr<AnyModel::Workspace> workspace;
    std::vector<float> input, output;
};

inline std::vector<WorkerState> worker_states(const AnyModel& network, const ModelEntry& entry, std::size_t batch,
                                              const WorkerPool& workers) {
    std::vector<WorkerState> all(static_cast<std::size_t>(workers.size()));
    for (auto& state : all)
        state = {network.make_workspace(), std::vector<float>(batch * static_cast<std::size_t>(entry.input.size())),
                 std::vector<float>(batch * static_cast<std::size_t>(entry.output.size()))};
    return all;
}

}  // namespace detail

/// Runs `count` inputs in groups of `batch`, shared over the workers; prepare(index, tensor) fills each input. The
/// answers do not depend on the number of threads. Throws what prepare or the network throws, of the first input in
/// order.
inline void answer_inputs(const AnyModel& network, const ModelEntry& entry, std::size_t count, std::size_t batch,
                          WorkerPool& workers, const std::function<void(std::size_t, std::span<float>)>& prepare,
                          const SeeAnswer& see) {
    const auto in = static_cast<std::size_t>(entry.input.size()), out = static_cast<std::size_t>(entry.output.size());
    batch = std::min(batch, count);
    auto worker_states = detail::worker_states(network, entry, batch, workers);
    for_each_group(count, batch, workers, [&](int worker, Group group) {
        auto& state = worker_states[static_cast<std::size_t>(worker)];
        const auto input = std::span(state.input).first(group.size * in),
                   output = std::span(state.output).first(group.size * out);
        for (std::size_t i = 0; i < group.size; ++i) prepare(group.first + i, input.subspan(i * in, in));
        network.run(input, output, *state.workspace);
        for (std::size_t i = 0; i < group.size; ++i)
            see(group.first + i, input.subspan(i * in, in), output.subspan(i * out, out));
    });
}

}  // namespace taxon::app
