#pragma once
#include <algorithm>
#include <chrono>
#include <string>
#include <taxon/app/profile/passes.hpp>
#include <taxon/app/profile/rows.hpp>
#include <taxon/profile/run_times.hpp>
#include <utility>
#include <vector>

namespace taxon::app {

/// What lies around the network in a workload, as rows: for example "decode", "preprocess" and "postprocess".
struct Stages {
    std::string reading{};  ///< none if empty
    bool preprocesses = false;
    int workers = 1;  ///< threads that read and preprocess side by side
};

namespace detail {

inline double seconds_of(WatchedNetwork::Clock::duration time) { return std::chrono::duration<double>(time).count(); }

/// A pass by rows: reading, preprocessing, the rows of its runs together, postprocessing. A workload that only runs the
/// network has no time around it worth a row, which is then 0.
inline RunTimes times_of(const Pass& pass, std::size_t steps, const Stages& stages) {
    RunTimes times = RunTimes::of(pass.runs.front(), steps);
    for (std::size_t i = 1; i < pass.runs.size(); ++i) times += RunTimes::of(pass.runs[i], steps);
    const double all = seconds_of(pass.end - pass.begin), after = seconds_of(pass.end - pass.runs.back().end);
    double preprocessing = 0;
    for (const auto& one : pass.preprocessing) preprocessing += seconds_of(one.end - one.begin);
    preprocessing /= stages.workers;
    const double before = all - times.seconds - after;  // and what lies between runs
    const std::size_t threads = times.rows.front().busy.size();
    const auto row = [&](double seconds) {
        RunTimes::Row made{seconds, std::vector<double>(threads)};
        if (threads > 0) made.busy.front() = seconds;
        return made;
    };
    preprocessing = std::min(preprocessing, before);
    times.rows.insert(times.rows.begin(), {row(before - preprocessing), row(preprocessing)});
    times.rows.push_back(row(after));
    times.seconds = all;
    return times;
}

}  // namespace detail

/// Puts the times of passes to the steps' facts. Needs a pass, and in each a run.
inline void add_times(Profile& profile, std::vector<ProfileRow> steps, const Passes& passes, const Stages& stages) {
    std::vector<RunTimes> all;
    for (const Pass& pass : passes.watched) all.push_back(detail::times_of(pass, steps.size(), stages));
    std::vector<RunTimes> unwatched;
    for (const double seconds : passes.unwatched) unwatched.push_back({seconds, {}});
    std::vector<double> least(all.front().rows.size(), all.front().seconds);
    for (const RunTimes& one : all)
        for (std::size_t i = 0; i < least.size(); ++i) least[i] = std::min(least[i], one.rows[i].seconds);
    const RunTimes mean = mean_of_fastest(std::move(all));
    profile.profiled_runs = passes.watched.size(), profile.unprofiled_runs = passes.unwatched.size();
    profile.profiled_seconds = mean.seconds;
    profile.unprofiled_seconds = mean_of_fastest(std::move(unwatched)).seconds;

    const auto word = [](std::string stage, const std::string& layer) {
        ProfileRow row;
        row.stage = std::move(stage), row.layer = row.kind = layer;
        return row;
    };
    std::vector<ProfileRow> rows{word("read", stages.reading), word("preprocess", "preprocess"),
                                 word("network", "input")};
    std::move(steps.begin(), steps.end(), std::back_inserter(rows));
    rows.push_back(word("network", "output")), rows.push_back(word("postprocess", "postprocess"));
    profile.busy.assign(mean.rows.front().busy.size(), 0);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        ProfileRow& row = rows[i];
        row.seconds = mean.rows[i].seconds, row.least_seconds = least[i];
        if (row.stage == "network") {
            row.busy = mean.rows[i].busy, row.imbalance = mean.rows[i].imbalance();
            for (std::size_t thread = 0; thread < row.busy.size(); ++thread) profile.busy[thread] += row.busy[thread];
        }
        const bool is_there =
            row.stage == "network" || (row.stage == "preprocess" ? stages.preprocesses : !stages.reading.empty());
        if (is_there) profile.rows.push_back(std::move(row));
    }
    profile.network_seconds = mean.seconds - mean.rows[0].seconds - mean.rows[1].seconds - mean.rows.back().seconds;
}

}  // namespace taxon::app
