#pragma once
#include <memory>
#include <span>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/task/runner.hpp>

namespace taxon::app {

/// A network as tasks run it, with a workspace of its own. The network must outlive it.
inline task::Runner runner_of(const AnyModel& network, const ModelEntry& entry) {
    const std::shared_ptr<AnyModel::Workspace> workspace = network.make_workspace();
    return {.input = entry.input,
            .output = entry.output,
            .policies = network.input_policies(),
            .run = [&network, workspace](std::span<const float> samples, std::span<float> outputs, int length,
                                         std::span<const int> valid) {
                network.run(samples, outputs, *workspace, length, valid);
            }};
}

}  // namespace taxon::app
