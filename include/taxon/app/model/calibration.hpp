#pragma once
#include <memory>
#include <set>
#include <functional>
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/exit_code.hpp>
#include <taxon/app/model/ports.hpp>
#include <taxon/app/console/groups.hpp>
#include <taxon/app/console/progress.hpp>
#include <taxon/quantize/calibration.hpp>
#include <vector>

namespace taxon::app {

/// Calibration inputs: their number, and a function that fills the i-th, from any thread. It is given room for the
/// network's largest input, and shrinks it for a shorter text.
struct CalibrationInputs {
    std::size_t count = 0;
    std::function<void(std::size_t, std::vector<float>&)> prepare;
    std::string kind = "generated";  ///< or "pictures", or "texts"
};

/// Makes the source once a network exists to prepare its inputs. Throws Fault::usage if the command line names none.
using CalibrationSource = std::function<CalibrationInputs(const AnyModel&, const ModelEntry&)>;

/// Runs a network over inputs, shared over worker threads, and collects histograms of the values in `watched`, by node.
/// The result does not depend on the number of threads. Throws as reading an input does, and CheckFailed for a value
/// that is not finite, for the first input in order; Stopped if it was stopped.
inline quantize::Calibration calibrate(const AnyModel& network, const ModelEntry& entry, const std::set<int>& watched,
                                       const CalibrationInputs& inputs, WorkerPool& workers, Progress& progress) {
    struct WorkerState {
        std::unique_ptr<AnyModel::Workspace> workspace;
        std::vector<float> input;
        quantize::Calibration calibration;
    };
    std::vector<WorkerState> worker_states(static_cast<std::size_t>(workers.size()));
    for (WorkerState& state : worker_states) state.workspace = network.make_workspace();
    const auto observe_group = [&](int worker, Group group) {
        WorkerState& state = worker_states[static_cast<std::size_t>(worker)];
        state.input.resize(sample_size(entry, entry.input.width));
        inputs.prepare(group.first, state.input);
        const auto observe = [&](int value, std::span<const float> numbers, const Shape& shape) {
            try {
                if (watched.contains(value)) state.calibration.observe(value, numbers, shape);
            } catch (const Error& error) {  // for what is not finite
                throw CheckFailed("calibration input " + std::to_string(group.first) + ": " + error.what());
            }
        };
        const int length = entry.graph.length_of(state.input.size());
        for (std::span<const float> rest = state.input;
             const Port& input : entry.graph.inputs) {  // no step makes these
            observe(input.node, rest.first(input.shape.size_of(length)), input.shape);
            rest = rest.subspan(input.shape.size_of(length));
        }
        network.walk(state.input, *state.workspace,
                     [&](const LayerView& layer) { observe(layer.value, layer.numbers, layer.shape); });
        progress.advance(1);
    };
    require_all(for_each_group(inputs.count, 1, workers, observe_group, progress.stop()), inputs.count, "calibration");
    for (std::size_t i = 1; i < worker_states.size(); ++i)
        worker_states.front().calibration.merge(worker_states[i].calibration);
    return std::move(worker_states.front().calibration);
}

}  // namespace taxon::app
