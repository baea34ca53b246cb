#pragma once
#include <chrono>
#include <memory>
#include <span>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/app/perf/statistics.hpp>
#include <vector>

namespace taxon::app {

/// Milliseconds per input of each network on this thread: medians over rounds in which they take turns, so that other
/// load on the machine affects all alike.
inline std::vector<double> times_in_turn(const std::vector<const AnyModel*>& networks, std::span<const float> input,
                                         std::span<float> output, int rounds = 15) {
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::milliseconds turn{10};
    std::vector<std::vector<double>> times(networks.size());
    std::vector<std::unique_ptr<AnyModel::Workspace>> workspace;
    for (const AnyModel* network : networks) workspace.push_back(network->make_workspace());
    for (int round = 0; round < rounds; ++round)
        for (std::size_t i = 0; i < networks.size(); ++i) {
            networks[i]->run(input, output, *workspace[i]);  // refills the caches that the others have evicted
            auto before = Clock::now();
            for (const auto end = before + turn; before < end;) {
                networks[i]->run(input, output, *workspace[i]);
                const auto after = Clock::now();
                times[i].push_back(std::chrono::duration<double, std::milli>(after - before).count());
                before = after;
            }
        }
    std::vector<double> medians;
    for (auto& of_network : times) medians.push_back(Latency::of(std::move(of_network)).p50);
    return medians;
}

}  // namespace taxon::app
