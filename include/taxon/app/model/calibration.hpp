#pragma once
#include <memory>
#include <set>
#include <functional>
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/app/console/groups.hpp>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/app/console/progress.hpp>
#include <taxon/quantize/calibration.hpp>
#include <vector>

namespace taxon::app {

/// Inputs that a network is run on to see its values: how many, and what fills the i-th, from any thread. It is given
/// numbers for the network's largest input, and takes away what a shorter text does not need.
struct CalibrationInputs {
    std::size_t count = 0;
    std::function<void(std::size_t, std::vector<float>&)> prepare;
    std::string kind = "generated";  ///< or "pictures", or "texts"
};

/// Where they come from, once there is a network that prepares them. Throws Fault::usage if the command line names
/// none.
using CalibrationSource = std::function<CalibrationInputs(const AnyModel&, const ModelEntry&)>;

/// Runs a network over inputs, shared over worker threads, and counts the numbers of the values in `watched`, by node.
/// What comes out does not depend on the number of threads. Throws what reading an input throws, of the first in order.
inline quantize::Calibration calibrate(const AnyModel& network, const ModelEntry& entry, const std::set<int>& watched,
                                       const CalibrationInputs& inputs, WorkerPool& workers, Progress& progress) {
    struct WorkerState {
        std::unique_ptr<AnyModel::Workspace> workspace;
        std::vector<float> input;
        quantize::Calibration calibration;
    };
    std::vector<WorkerState> worker_states(static_cast<std::size_t>(workers.size()));
    for (WorkerState& state : worker_states) state.workspace = network.make_workspace();
    for_each_group(inputs.count, 1, workers, [&](int worker, Group group) {
        WorkerState& state = worker_states[static_cast<std::size_t>(worker)];
        state.input.resize(static_cast<std::size_t>(entry.input.size()));
        inputs.prepare(group.first, state.input);
        if (watched.contains(0)) state.calibration.observe(0, state.input);  // the input is not a step's
        network.walk(state.input, *state.workspace, [&](const LayerView& layer) {
            if (watched.contains(layer.value)) state.calibration.observe(layer.value, layer.numbers);
        });
        progress.advance(1);
    });
    for (std::size_t i = 1; i < worker_states.size(); ++i)
        worker_states.front().calibration.merge(worker_states[i].calibration);
    return std::move(worker_states.front().calibration);
}

}  // namespace taxon::app
