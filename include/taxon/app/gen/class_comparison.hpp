#pragma once
#include <memory>
#include <taxon/app/gen/comparison.hpp>
#include <taxon/app/model/calibration.hpp>
#include <taxon/app/run/ranking.hpp>

namespace taxon::app {

/// The top-1 class of each input, for each network. Throws CheckFailed for NaN or infinity in a result, and as reading
/// an input does.
inline std::vector<std::vector<int>> best_classes(std::string_view kind, const CalibrationInputs& inputs,
                                                  std::span<const AnyModel* const> networks, const ModelEntry& entry,
                                                  WorkerPool& workers, Progress& progress) {
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
    const auto answer = [&](int worker, Group group) {
        WorkerState& state = worker_states[static_cast<std::size_t>(worker)];
        state.input.resize(static_cast<std::size_t>(entry.input.size()));
        inputs.prepare(group.first, state.input);
        for (std::size_t i = 0; i < networks.size(); ++i) {
            networks[i]->run(state.input, state.output, *state.workspace[i]);
            best[i][group.first] = checked_result(std::string(kind) + " " + std::to_string(group.first),
                                                  [&] { return eval::top_k(state.output, 1); })
                                       .front()
                                       .index;
        }
        progress.advance(networks.size());
    };
    require_all(for_each_group(inputs.count, 1, workers, answer, progress.stop()), inputs.count, "comparison");
    return best;
}

/// Top-1 lost against float32 where there are labels, a class for each input, or else the changed classes.
inline Verdict verdict_of(const std::vector<int>& floats, const std::vector<int>& best,
                          const std::vector<int>& labels) {
    const auto different = [](const std::vector<int>& some, const std::vector<int>& others) {
        std::size_t count = 0;
        for (std::size_t i = 0; i < some.size(); ++i) count += some[i] != others[i];
        return static_cast<double>(count) / static_cast<double>(some.size());
    };
    if (labels.empty()) return {.drop = 100 * different(floats, best)};
    return {.drop = 100 * (different(best, labels) - different(floats, labels)), .score = 1 - different(best, labels)};
}

/// Compares classifiers, of pictures or texts, on labelled inputs: `labels` has a class for each, and `score` names the
/// metric.
inline Comparison class_comparison(std::string kind, CalibrationInputs inputs, std::vector<int> labels, Metric score) {
    Comparison comparison{.kind = std::move(kind), .count = inputs.count, .metric = score};
    comparison.judge = [kind = comparison.kind, inputs = std::move(inputs),
                        labels = std::move(labels)](std::span<const AnyModel* const> networks, const ModelEntry& entry,
                                                    WorkerPool& workers, Progress& progress) {
        const auto best = best_classes(kind, inputs, networks, entry, workers, progress);
        std::vector<Verdict> verdicts;
        for (const auto& classes : best) verdicts.push_back(verdict_of(best.front(), classes, labels));
        return verdicts;
    };
    return comparison;
}

/// Compares them by the classes that they share with float32.
inline Comparison agreement_of_classes(CalibrationInputs inputs) {
    std::string kind = inputs.kind == "generated" ? "generated inputs" : "calibration " + inputs.kind;
    return class_comparison(std::move(kind), std::move(inputs), {}, changed_classes);
}

}  // namespace taxon::app
