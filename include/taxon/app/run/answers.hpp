#pragma once
#include <algorithm>
#include <functional>
#include <limits>
#include <span>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/app/console/groups.hpp>
#include <taxon/app/run/runner.hpp>
#include <taxon/number/nonfinite.hpp>
#include <taxon/task/sample_batch.hpp>
#include <vector>

namespace taxon::app {

/// Receives one input's index, prepared tensor (C, H, W) and raw result. Called once per input, from any worker's
/// thread.
using SeeAnswer = std::function<void(std::size_t index, std::span<const float> input, std::span<const float> output)>;

/// Runs `count` inputs in groups of `batch`, shared over the workers; prepare(index, tensor) fills each input, and
/// returns false if it is to be left out. The results do not depend on the number of threads. With integers, an input
/// that is not finite has a result of NaN. Throws as prepare or the network does, for the first input in order. Once a
/// `stop` is requested, no more groups are begun. Returns the number of inputs done, which are the first ones.
inline std::size_t answer_inputs(const AnyModel& network, const ModelEntry& entry, std::size_t count, std::size_t batch,
                                 WorkerPool& workers, const std::function<bool(std::size_t, std::span<float>)>& prepare,
                                 const SeeAnswer& see, const std::stop_token& stop = {}) {
    batch = std::min(batch, count);
    std::vector<task::SampleBatch> batches;
    for (int i = 0; i < workers.size(); ++i) batches.emplace_back(runner_of(network, entry), batch);
    const auto answer = [&](int worker, Group group) {
        batches[static_cast<std::size_t>(worker)].run(
            group.size, [&](std::size_t i, std::span<float> input) { return prepare(group.first + i, input); },
            [&](std::size_t i, std::span<const float> input, std::span<const float> output) {
                // NaN has no integer: a network of integers would make it a number, and of that a class
                if (entry.data_types.quantized() && !all_finite(input))
                    return see(group.first + i, input,
                               std::vector<float>(output.size(), std::numeric_limits<float>::quiet_NaN()));
                see(group.first + i, input, output);
            });
    };
    return for_each_group(count, batch, workers, answer, stop);
}

}  // namespace taxon::app
