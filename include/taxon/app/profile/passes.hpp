#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <taxon/app/perf/workload.hpp>
#include <taxon/app/profile/watched_network.hpp>
#include <vector>

namespace taxon::app {

/// One watched call of a workload: from the inputs of a batch to its results.
struct Pass {
    WatchedNetwork::Clock::time_point begin{}, end{};
    std::vector<cpu::RunRecord::Run> runs{};
    std::vector<WatchedNetwork::Preprocessing> preprocessing{};
};

/// Watched calls, and the seconds of unwatched ones between them.
struct Passes {
    std::vector<Pass> watched{};
    std::vector<double> unwatched{};
};

/// Tokens of a run, on average.
inline int mean_length(const Passes& passes) {
    std::int64_t tokens = 0, runs = 0;
    for (const Pass& pass : passes.watched)
        for (const auto& run : pass.runs) tokens += std::int64_t{run.length} * run.batch, runs += run.batch;
    return static_cast<int>(runs > 0 ? (tokens + runs / 2) / runs : 0);
}

/// When to stop.
struct PassLimits {
    double warmup = .5, duration = 2;          ///< seconds
    std::optional<std::size_t> iterations{};   ///< calls of either kind, instead of a duration
    static constexpr std::size_t most = 2000;  ///< watched ones, whose records take memory
};

/// Repeats the work, watched and unwatched in turn, so that other load on the machine affects both alike. `now`: the
/// time in seconds.
inline Passes measure_passes(WatchedNetwork& network, const Workload& work, const PassLimits& limits,
                             const std::function<double()>& now) {
    const double start = now();
    for (work(); now() - start < limits.warmup;) work();
    Passes passes;
    const auto unwatched = [&] {
        const double before = now();
        work();
        passes.unwatched.push_back(now() - before);
    };
    const auto watched = [&] {
        network.watch(true);
        Pass& pass = passes.watched.emplace_back();
        pass.begin = WatchedNetwork::Clock::now();
        work();
        pass.end = WatchedNetwork::Clock::now();
        network.watch(false);
        pass.runs = network.take_runs(), pass.preprocessing = network.take_preprocessing();
    };
    const auto done = [&, begin = now()] {
        const std::size_t count = passes.watched.size();
        return limits.iterations ? count >= *limits.iterations
                                 : count >= PassLimits::most || (count > 0 && now() - begin >= limits.duration);
    };
    while (!done()) {
        // each goes first every other time: the caches are warmer for the second
        if (passes.watched.size() % 2 == 0) unwatched(), watched();
        else watched(), unwatched();
    }
    return passes;
}

}  // namespace taxon::app
