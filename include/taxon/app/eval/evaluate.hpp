#pragma once
#include <chrono>
#include <functional>
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/groups.hpp>
#include <taxon/app/console/thread_notes.hpp>
#include <taxon/app/console/wording.hpp>
#include <taxon/app/eval/evaluation.hpp>
#include <taxon/app/eval/options.hpp>
#include <taxon/app/model/description.hpp>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/eval/shard.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

/// The first --limit entries of a data set, and the shard's part of them. Throws Fault::usage if that is empty.
template <class Entry>
struct Share {
    std::vector<Entry> entries;
    std::size_t of_all = 0;  ///< entries of all shards together
    Shards shards;

    Share(std::vector<Entry> all, const EvalOptions& options, const std::string& noun)
        : shards(options.requested_shard()) {
        if (options.limit) all = eval::limit(all, static_cast<int>(*options.limit));
        of_all = all.size();
        entries = eval::shard(all, static_cast<int>(shards.parts.front()), static_cast<int>(shards.of));
        if (entries.empty())
            throw Error(Fault::usage, {.place = "--shard",
                                       .found = shards.text() + " of " +
                                                plural(static_cast<std::int64_t>(of_all), noun) + ", which is empty"});
    }
    std::size_t size() const { return entries.size(); }
};

/// Prints and writes the result, which took `seconds`.
template <class Score>
void report(const Evaluation<Score>& result, const std::string& description, const ReportOptions& options,
            double seconds, int threads, Console& console) {
    print_result(options, console,
                 description + "\n" + readable(result) +
                     fmt::format("{:.1f} {}s/s, {:.1f} s, {}\n", static_cast<double>(result.score.n()) / seconds,
                                 ScoreReport<Score>::noun, seconds, plural(threads, "thread")),
                 [&] { return json_of(result); });
}

/// Binds the network, scores the share with score(network, workers), and reports, after complete(result) has added what
/// else was found. Returns the exit code.
template <class Score, class Entry, class Scoring>
int evaluate(const Family& family, const RequestedModel& model, const EvalOptions& options, const Share<Entry>& share,
             const CalibrationSource& calibration, Console& console, Scoring score,
             const std::function<void(Evaluation<Score>&)>& complete = {}) {
    model.require_batch(options.batch, share.size());
    model.check();
    const ModelEntry& entry = model.entry();
    const auto bound = model.bind(1, calibration, console, options.report.quiet);
    WorkerPool workers(worker_count(share.size(), static_cast<std::size_t>(options.batch), options.threads));
    tell_threads(options.threads, workers.wanted(), workers.size(), console, options.report.quiet);
    const auto start = std::chrono::steady_clock::now();
    Evaluation<Score> result{.family = std::string(family.name),
                             .variant = std::string(entry.variant),
                             .precision = std::string(entry.precision),
                             .backend = std::string(entry.backend),
                             .execution = std::string(entry.execution),
                             .isa = std::string(bound.network->isa()),
                             .size = std::string(entry.size),
                             .weights = bound.weights,
                             .dataset = without_folders(options.dataset),
                             .calibration = bound.calibration ? json_of(*bound.calibration).dump() : "",
                             .shards = share.shards,
                             .dataset_size = share.of_all,
                             .remarks = bound.remarks,
                             .score = score(*bound.network, workers)};
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (complete) complete(result);
    report(result, description_of(family, entry, bound.network->isa()), options.report, seconds, workers.size(),
           console);
    return 0;
}

}  // namespace taxon::app
