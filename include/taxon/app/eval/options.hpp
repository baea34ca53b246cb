#pragma once
#include <optional>
#include <string>
#include <taxon/app/console/output_file.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/app/shard/share.hpp>

namespace taxon::app {

/// Options common to every verb `eval`.
struct EvalOptions {
    ModelOptions model;
    ReportOptions report;
    ShareOptions share;
    std::string dataset, resume;
    int batch = 1;
    std::optional<int> threads;

    /// Throws Fault::usage if there is none.
    void require_dataset(const std::string& kinds) const {
        if (dataset.empty())
            throw Error(Fault::usage, {.place = "--dataset",
                                       .found = "nothing",
                                       .wanted = kinds,
                                       .remedy = "eval merge A.json B.json joins results"});
    }
};

/// `noun`: an entry.
inline void add_eval_options(CLI::App& verb, EvalOptions& options, const std::string& noun) {
    add_share_options(verb, options.share, noun);
    verb.add_option("--resume", options.resume,
                    "Go on where the run that wrote this --json FILE was stopped, and give the result of the whole")
        ->type_name("FILE");
    add_batch_option(verb, options.batch, "Number of " + noun + "s per batch");
    add_threads_option(verb, options.threads,
                       "Threads that share the " + noun + "s. Default: what affinity and cgroup quota allow");
}

}  // namespace taxon::app
