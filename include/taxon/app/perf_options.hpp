#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <taxon/app/options.hpp>
#include <taxon/app/processors.hpp>
#include <utility>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

struct PerfOptions {
    ModelOptions model;
    ReportOptions report;
    int batch = 1;
    std::optional<int> threads;
    std::optional<std::size_t> iterations;
    double duration = 2, warmup = .5;  // seconds
    std::string compare;
    bool end_to_end = false;
    std::vector<std::string> inputs;
};

inline CLI::App* add_perf(CLI::App& program, const Family& family, PerfOptions& options) {
    auto* verb = program.add_subcommand("perf", "Measure speed and memory");
    add_model_options(*verb, family, options.model);
    add_batch_option(*verb, options.batch, "Pictures of one run, 1 to 256");
    add_threads_option(*verb, options.threads,
                       "Threads that share a batch's pictures. Default: 1 for a batch of 1, else what affinity and cgroup quota allow, one "
                       "a picture at most");
    auto* iterations = verb->add_option("--iterations", options.iterations, "Measure this many runs instead of a duration")
                           ->check(CLI::Range(std::size_t{1}, std::size_t{100'000'000}))
                           ->type_name("N");
    verb->add_option("--duration", options.duration, "Measure for this many seconds, at least one run")
        ->check(CLI::Range(0., 86400.))
        ->type_name("S")
        ->capture_default_str()
        ->excludes(iterations);
    verb->add_option("--warmup", options.warmup, "Run this many seconds before measuring")
        ->check(CLI::Range(0., 3600.))
        ->type_name("S")
        ->capture_default_str();
    verb->add_option("--compare", options.compare, "Print the ratio of each figure to those of an earlier --json FILE")->type_name("FILE");
    verb->add_flag("--end-to-end", options.end_to_end,
                   "Time picture file to best five classes, over the pictures given, instead of prepared tensor to raw result");
    verb->add_option("input", options.inputs, "Pictures or folders of them, only with --end-to-end")->type_name("PICTURE");
    add_report_options(*verb, options.report);
    return verb;
}

/// How many threads, and who said so. Throws Fault::usage if there are more threads than pictures to share.
inline std::pair<int, std::string> threads_of(const PerfOptions& options) {
    if (options.threads && *options.threads > 1 && options.batch == 1)
        throw Error(Fault::usage, {.place = "--threads",
                                   .found = std::to_string(*options.threads) + " for a batch of 1",
                                   .wanted = "1",
                                   .remedy = "one picture is not split over threads yet: raise --batch, or run several programs"});
    if (options.threads && *options.threads > options.batch)
        throw Error(Fault::usage, {.place = "--threads",
                                   .found = fmt::format("{} threads for {} pictures", *options.threads, options.batch),
                                   .wanted = "at most one thread a picture"});
    if (options.threads) return {*options.threads, "as asked"};
    if (options.batch == 1) return {1, "one picture is not split"};
    return {std::min(usable_processors(), options.batch), "as affinity and quota allow"};
}

}  // namespace taxon::app
