#pragma once
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>
#include <taxon/app/finite.hpp>
#include <taxon/app/options.hpp>
#include <taxon/backend/cpu/processors.hpp>
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
    add_calibration_options(*verb, options.model.calibration);
    add_batch_option(*verb, options.batch, "Pictures of one run, 1 to 256");
    add_threads_option(*verb, options.threads, "Threads that share a run: whole pictures of a batch, or one picture's layers. Default: what affinity and cgroup quota allow");
    auto* iterations = verb->add_option("--iterations", options.iterations, "Measure this many runs instead of a duration")
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
    verb->add_option("--compare", options.compare, "Print the ratio of each figure to those of an earlier --json FILE")->type_name("FILE");
    verb->add_flag("--end-to-end", options.end_to_end,
                   "Time picture file to best five classes, over the pictures given, instead of prepared tensor to raw result");
    verb->add_option("input", options.inputs, "Pictures or folders of them, only with --end-to-end")->type_name("PICTURE");
    add_report_options(*verb, options.report);
    return verb;
}

/// How many threads, and who said so.
inline std::pair<int, std::string> threads_of(const PerfOptions& options, const Offer& offer) {
    const bool one_only = offer.backend == "reference";
    const int usable = one_only ? 1 : cpu::usable_processors();
    const std::string why = one_only ? "all that the Reference backend uses" : "as affinity and quota allow";
    if (!options.threads) return {usable, why};
    if (*options.threads > usable)
        throw Error(Fault::usage, {.place = "--threads", .found = std::to_string(*options.threads), .wanted = "at most " + std::to_string(usable) + ", " + why});
    return {*options.threads, "as asked"};
}

}  // namespace taxon::app
