#pragma once
#include <functional>
#include <memory>
#include <taxon/app/model/ports.hpp>
#include <utility>
#include <vector>

namespace taxon::app {

/// The work that is measured repeatedly: a run of a batch.
using Workload = std::function<void()>;

/// From prepared samples, the same every time, to raw results.
inline Workload from_samples(const AnyModel& network, const ModelEntry& entry, int batch, std::vector<float> samples) {
    struct State {
        std::unique_ptr<AnyModel::Workspace> workspace;
        std::vector<float> samples, answers;
    };
    const auto state = std::make_shared<State>(
        State{network.make_workspace(), std::move(samples),
              std::vector<float>(static_cast<std::size_t>(batch) * answer_size(entry, entry.input.width))});
    return [state, &network] { network.run(state->samples, state->answers, *state->workspace); };
}

}  // namespace taxon::app
