#pragma once
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <taxon/app/model/calibration.hpp>
#include <taxon/app/run/ranking.hpp>
#include <vector>

namespace taxon::app {

/// The inputs on which precisions of a network are compared: labelled pictures of a data set, or inputs whose float32
/// results count as correct.
struct Comparison {
    std::string kind;  ///< "pictures of the data set", "calibration pictures", "generated inputs"
    CalibrationInputs inputs{};
    std::vector<int> labels{};  ///< a class for each input, or empty

    /// The top-1 class of each input, for each network. Throws CheckFailed for NaN or infinity in a result, and as
    /// reading an input does.
    std::vector<std::vector<int>> best_classes(const std::vector<const AnyModel*>& networks, const ModelEntry& entry,
                                               WorkerPool& workers, Progress& progress) const {
        struct WorkerState {
            std::vector<std::unique_ptr<AnyModel::Workspace>> workspace;
            std::vector<float> input, output;
        };
        std::vector<WorkerState> worker_states(static_cast<std::size_t>(workers.size()));
        for (WorkerState& state : worker_states) {
            for (const AnyModel* network : networks) state.workspace.push_back(network->make_workspace());
            state.output.resize(static_cast<std::size_t>(entry.output.size()));
        }
        std::vector<std::vector<int>> best(networks.size(), std::vector<int>(inputs.count));
        for_each_group(inputs.count, 1, workers, [&](int worker, Group group) {
            WorkerState& state = worker_states[static_cast<std::size_t>(worker)];
            state.input.resize(static_cast<std::size_t>(entry.input.size()));
            inputs.prepare(group.first, state.input);
            for (std::size_t i = 0; i < networks.size(); ++i) {
                networks[i]->run(state.input, state.output, *state.workspace[i]);
                best[i][group.first] = checked_result(kind + " " + std::to_string(group.first),
                                                      [&] { return eval::top_k(state.output, 1); })
                                           .front()
                                           .index;
            }
            progress.advance(1);
        });
        return best;
    }

    /// The fraction of labelled inputs for which these classes are correct; none without labels.
    std::optional<double> top1(const std::vector<int>& best) const {
        if (labels.empty()) return std::nullopt;
        return 1 - different(best, labels);
    }

    /// Percentage points of top-1 lost against float32, negative if gained; without labels, of changed results.
    double drop(const std::vector<int>& floats, const std::vector<int>& best) const {
        return 100 * (labels.empty() ? different(floats, best) : different(best, labels) - different(floats, labels));
    }

  private:
    static double different(const std::vector<int>& some, const std::vector<int>& others) {
        std::size_t count = 0;
        for (std::size_t i = 0; i < some.size(); ++i) count += some[i] != others[i];
        return static_cast<double>(count) / static_cast<double>(some.size());
    }
};

}  // namespace taxon::app
