#pragma once
#include <optional>
#include <string>
#include <taxon/app/eval/shards.hpp>
#include <taxon/app/model/options.hpp>

namespace taxon::app {

/// Options common to every verb `eval`.
struct EvalOptions {
    ModelOptions model;
    ReportOptions report;
    std::string dataset, shard = "0/1";
    int batch = 1;
    std::optional<int> threads;
    std::optional<std::size_t> limit;

    /// Parses a shard. Throws Fault::usage.
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
};

/// `noun`: the plural of an entry.
inline void add_share_options(CLI::App& verb, EvalOptions& options, const std::string& noun) {
    add_limit_option(verb, options.limit, noun + "s");
    verb.add_option("--shard", options.shard, "Only every N-th " + noun + ", from the I-th on; I counts from 0")
        ->type_name("I/N")
        ->capture_default_str();
    add_batch_option(verb, options.batch, "Number of " + noun + "s per batch");
    add_threads_option(verb, options.threads,
                       "Threads that share the " + noun + "s. Default: what affinity and cgroup quota allow");
}

}  // namespace taxon::app
