#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/eval/evaluation.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/eval/shard.hpp>
#include <taxon/app/console/wording.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

/// The options that every verb `eval` has.
struct EvalOptions {
    ModelOptions model;
    ReportOptions report;
    std::string dataset, shard = "0/1";
    int batch = 1;
    std::optional<int> threads;
    std::optional<int> limit;

    /// One shard. Throws Fault::usage.
    Shards requested_shard() const {
        const auto shards = Shards::parse(shard);
        if (!shards || shards->parts.size() != 1 || shards->of > 1'000'000)
            throw Error(Fault::usage,
                        {.place = "--shard", .found = "'" + shard + "'", .wanted = "I/N with I from 0 to N - 1"});
        return *shards;
    }

    /// Throws Fault::usage if there is none.
    void require_dataset(const std::string& kinds) const {
        if (dataset.empty())
            throw Error(Fault::usage, {.place = "--dataset",
                                       .found = "nothing",
                                       .wanted = kinds,
                                       .remedy = "eval merge A.json B.json joins results"});
    }

    /// No more workers than there are batches: each has the memory of one.
    int worker_count(std::size_t inputs) const {
        const std::size_t groups = (inputs + static_cast<std::size_t>(batch) - 1) / static_cast<std::size_t>(batch);
        return std::min(threads.value_or(cpu::usable_processors()),
                        static_cast<int>(std::min<std::size_t>(groups, 1024)));
    }
};

/// `noun`: what the data set has many of.
inline void add_share_options(CLI::App& verb, EvalOptions& options, const std::string& noun) {
    verb.add_option("--limit", options.limit, "Only the first N " + noun + "s")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000'000}))
        ->type_name("N");
    verb.add_option("--shard", options.shard, "Only every N-th " + noun + ", from the I-th on; I counts from 0")
        ->type_name("I/N")
        ->capture_default_str();
    add_batch_option(verb, options.batch, "How many " + noun + "s are run together, 1 to 256");
    add_threads_option(verb, options.threads,
                       "Threads that share the " + noun + "s. Default: what affinity and cgroup quota allow");
}

/// A shard of a data set's entries. Throws Fault::usage if it is empty.
template <class Entry>
std::vector<Entry> share_of(const std::vector<Entry>& entries, const Shards& shards, const std::string& noun) {
    auto share = eval::shard(entries, static_cast<int>(shards.parts.front()), static_cast<int>(shards.of));
    if (share.empty())
        throw Error(Fault::usage,
                    {.place = "--shard",
                     .found = shards.text() + " of " + plural(static_cast<std::int64_t>(entries.size()), noun) +
                              ", which is empty"});
    return share;
}

/// An evaluation whose score is still to be found.
template <class Score>
Evaluation<Score> begun(const Family& family, const ModelEntry& entry, const BoundModel& model,
                        const EvalOptions& options, const Shards& shards, std::size_t dataset_size) {
    return {.family = std::string(family.name),
            .variant = std::string(entry.variant),
            .precision = std::string(entry.precision),
            .backend = std::string(entry.backend),
            .execution = std::string(entry.execution),
            .isa = std::string(model.network->isa()),
            .size = std::string(entry.size),
            .weights = model.weights,
            .dataset = without_folders(options.dataset),
            .calibration = model.calibration ? json_of(*model.calibration).dump() : "",
            .shards = shards,
            .dataset_size = dataset_size};
}

/// Writes and prints what was found, in `seconds`.
template <class Score>
void report(const Evaluation<Score>& result, const std::string& description, const ReportOptions& options,
            double seconds, int threads, Console& console) {
    if (!options.json.empty()) write_json(options.json, json_of(result));
    if (options.quiet) return;
    console.out << description << '\n'
                << readable(result)
                << fmt::format("{:.1f} {}s/s, {:.1f} s, {}\n", static_cast<double>(result.score.n()) / seconds,
                               ScoreReport<Score>::noun, seconds, plural(threads, "thread"));
}

}  // namespace taxon::app
