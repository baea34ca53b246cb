#pragma once
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>
#include <taxon/app/console/finite.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/backend/cpu/processors.hpp>
#include <taxon/backend/cpu/spmd_thread_pool.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

/// Options common to every verb `perf`.
struct PerfOptions {
    ModelOptions model;
    ReportOptions report;
    int batch = 1;
    std::optional<int> threads;
    std::optional<std::size_t> iterations;
    double duration = 2, warmup = .5;  // seconds
    std::string compare;
    bool end_to_end = false;

    /// Throws Fault::usage unless --end-to-end and its inputs are given together.
    void require_inputs(bool given, const std::string& what, const std::string& remedy) const {
        if (end_to_end == given) return;
        throw Error(Fault::usage, {.place = "--end-to-end",
                                   .found = end_to_end ? "no " + what : what + "s without --end-to-end",
                                   .remedy = remedy});
    }
};

/// `noun`: the plural of a sample. `timed`: what --end-to-end times; empty: there is none.
inline CLI::App* add_perf(CLI::App& program, const Family& family, PerfOptions& options, const std::string& noun,
                          const std::string& timed) {
    auto* verb = program.add_subcommand("perf", "Measure speed and memory");
    add_model_options(*verb, family, options.model);
    add_batch_option(*verb, options.batch, "Number of " + noun + "s per batch");
    add_threads_option(*verb, options.threads,
                       "Threads that share a run: whole " + noun + "s of a batch, or one " + noun +
                           "'s layers. Default: what affinity and cgroup quota allow");
    auto* iterations =
        verb->add_option("--iterations", options.iterations, "Measure this many runs instead of a duration")
            ->check(CLI::Range(std::size_t{1}, std::size_t{100'000'000}))
            ->type_name("N");
    verb->add_option("--duration", options.duration, "Measure for this many seconds, at least one run")
        ->check(CLI::Range(0., 86400.))
        ->check(finite)
        ->type_name("S")
        ->capture_default_str()
        ->excludes(iterations);
    verb->add_option("--warmup", options.warmup, "Run this many seconds before measuring")
        ->check(CLI::Range(0., 3600.))
        ->check(finite)
        ->type_name("S")
        ->capture_default_str();
    verb->add_option("--compare", options.compare, "Print each figure's ratio to an earlier --json FILE")
        ->type_name("FILE");
    if (!timed.empty())
        verb->add_flag("--end-to-end", options.end_to_end,
                       "Time " + timed + ", instead of prepared tensor to raw result");
    add_report_options(*verb, options.report);
    return verb;
}

/// The threads of a run, all of which can run at once.
struct RunThreads {
    int wanted, given;
    std::string origin;  ///< of the number given
};

/// Starts them.
inline RunThreads run_threads(const PerfOptions& options, const ModelEntry& entry) {
    const bool one_only = entry.backend == "reference";
    const int usable = one_only ? 1 : cpu::usable_processors(),
              wanted = std::min(options.threads.value_or(usable), usable);
    cpu::SpmdThreadPool& pool = cpu::SpmdThreadPool::of_process();
    if (wanted > 1)
        pool.run(
            wanted, [](void*, int, int, cpu::Barrier&) {}, nullptr);
    if (wanted > 1 && pool.size() < wanted) return {wanted, pool.size(), "as many as the system gives"};
    if (options.threads && *options.threads <= usable) return {wanted, wanted, "as asked"};
    return {wanted, wanted, one_only ? "all that the Reference backend uses" : "as affinity and quota allow"};
}

}  // namespace taxon::app
