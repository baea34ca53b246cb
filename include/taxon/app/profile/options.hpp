#pragma once
#include <optional>
#include <set>
#include <string>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/console/finite.hpp>
#include <taxon/app/model/options.hpp>
#include <taxon/app/profile/passes.hpp>
#include <vector>

namespace taxon::app {

/// Options common to every verb `profile`.
struct ProfilingOptions {
    ModelOptions model;
    ReportOptions report;
    int batch = 1;
    std::optional<int> threads;
    PassLimits limits;
    std::vector<std::string> views{"order", "time", "kind"};
    std::size_t top = 10;
    std::string trace, stacks, html;
    bool end_to_end = false, accuracy = false;

    std::vector<NamedFile> outputs() const {
        return {report.file(), {"--trace", trace}, {"--stacks", stacks}, {"--html", html}};
    }

    /// Throws Fault::usage unless --end-to-end and its inputs are given together.
    void require_inputs(bool given, const std::string& what, const std::string& remedy) const {
        if (end_to_end == given) return;
        throw Error(Fault::usage, {.place = "--end-to-end",
                                   .found = end_to_end ? "no " + what : what + "s without --end-to-end",
                                   .remedy = remedy});
    }
};

/// `noun`: a sample. `timed`: what --end-to-end adds; empty: there is none.
inline CLI::App* add_profile(CLI::App& program, const Family& family, ProfilingOptions& options,
                             const std::string& noun, const std::string& timed) {
    auto* verb =
        add_verb(program, "profile",
                 "Show where a run's time goes, step by step, and how far each step is from the machine's roof");
    add_model_options(*verb, family, options.model);
    add_batch_option(*verb, options.batch, "Number of " + noun + "s per batch");
    add_threads_option(*verb, options.threads,
                       "Threads that share a run. Default: what affinity and cgroup quota allow");
    auto* iterations = verb->add_option("--iterations", options.limits.iterations,
                                        "Profile this many runs, and as many unprofiled ones, instead of a duration")
                           ->check(CLI::Range(std::size_t{1}, PassLimits::most))
                           ->type_name("N");
    verb->add_option("--duration", options.limits.duration,
                     "Run for this many seconds, profiled and unprofiled in turn, at least once each")
        ->check(CLI::Range(0., 3600.))
        ->check(finite)
        ->type_name("S")
        ->capture_default_str()
        ->excludes(iterations);
    verb->add_option("--warmup", options.limits.warmup, "Run this many seconds before")
        ->check(CLI::Range(0., 3600.))
        ->check(finite)
        ->type_name("S")
        ->capture_default_str();
    verb->add_option("--view", options.views,
                     "Views to print: order (every row, as it runs), time (the slowest rows), kind (rows of a kernel "
                     "together); a list such as time,kind")
        ->delimiter(',')
        ->check(CLI::IsMember({"order", "time", "kind"}))
        ->type_name("VIEW")
        ->default_str("order,time,kind");
    verb->add_option("--top", options.top, "Rows of the view by time")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}))
        ->type_name("N")
        ->capture_default_str();
    verb->add_option("--trace", options.trace,
                     "Write the fastest profiled run as a trace for ui.perfetto.dev or chrome://tracing")
        ->type_name("FILE");
    verb->add_option("--stacks", options.stacks,
                     "Write nanoseconds by the parts of each layer's name, as collapsed stacks for flame graphs")
        ->type_name("FILE");
    verb->add_option("--html", options.html,
                     "Write one page for a browser, without a network: roofline, flame graph, threads, arena, table")
        ->type_name("FILE");
    verb->add_flag(
        "--accuracy", options.accuracy,
        "Also each step's signal-to-noise ratio against float32, on the inputs to calibrate with or generated "
        "ones, and which layers to keep in float, as the type to compile");
    if (!timed.empty()) verb->add_flag("--end-to-end", options.end_to_end, "Profile " + timed);
    add_report_options(*verb, options.report);
    return verb;
}

}  // namespace taxon::app
