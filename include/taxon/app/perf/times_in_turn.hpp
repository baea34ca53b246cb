#pragma once
#include <chrono>
#include <memory>
#include <span>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/app/perf/statistics.hpp>
#include <vector>

namespace taxon::app {

/// Milliseconds that each network takes for one input on this thread: medians over rounds in which all take turns, so
/// that what else the machine does hits all alike.
inline std::vector<double> times_in_turn(const std::vector<const AnyModel*>& networks, std::span<const float> input,
                                         std::span<float> output, int rounds = 15) {
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::milliseconds turn{10};
    std::vector<std::vector<double>> times(networks.size());
    std::vector<std::unique_ptr<AnyModel::Workspace>> workspace;
    for (const AnyModel* network : networks) workspace.push_back(network->make_workspace());
    for (int round = 0; round < rounds; ++round)
        for (std::size_t i = 0; i < networks.size(); ++i) {
            networks[i]->run(input, output, *workspace[i]);  // fetches what the others have driven out of the caches
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
