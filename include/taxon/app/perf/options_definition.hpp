#pragma once
#include <algorithm>
#include <set>
#include <taxon/app/console/command_line.hpp>
#include <taxon/app/console/finite.hpp>
#include <taxon/app/perf/options.hpp>

/// Definitions for options.hpp, compiled once for all kinds of programs.
namespace taxon::app {

namespace detail {

template <class T>
void require_distinct(const std::string& option, const std::vector<T>& values) {
    if (std::set<T>(values.begin(), values.end()).size() != values.size())
        throw Error(Fault::usage, {.place = option, .found = "a value twice", .wanted = "each once"});
}

/// What is measured: how long, and with which arrivals.
inline void add_extent_options(CLI::App& verb, PerfOptions& options) {
    constexpr std::size_t most = 100'000'000;
    auto* iterations =
        verb.add_option("--iterations", options.iterations, "Measure this many runs instead of a duration")
            ->check(CLI::Range(std::size_t{1}, most))
            ->type_name("N");
    verb.add_option("--duration", options.duration,
                    "Measure for this many seconds, at least one run; with --until-within at most (60)")
        ->check(CLI::Range(0., 86400.))
        ->check(finite)
        ->type_name("S")
        ->default_str("2")
        ->excludes(iterations);
    auto* within =
        verb.add_option("--until-within", options.until_within,
                        "Measure until the 95 % confidence interval of the median is narrower than this, in percent "
                        "of the median")
            ->check(CLI::Range(.001, 100.))
            ->check(finite)
            ->type_name("PERCENT")
            ->excludes(iterations);
    auto* warmup = verb.add_option("--warmup", options.warmup, "Run this many seconds before measuring")
                       ->check(CLI::Range(0., 3600.))
                       ->check(finite)
                       ->type_name("S")
                       ->default_str("0.5");
    verb.add_option("--warmup-runs", options.warmup_runs, "Warm up by this many runs instead of seconds")
        ->check(CLI::Range(std::size_t{0}, most))
        ->type_name("N")
        ->excludes(warmup);
    auto* rate = verb.add_option("--rate", options.rate,
                                 "Runs arrive at this rate a second, whether or not earlier ones are done; latency "
                                 "counts from the intended start. Default: each follows the one before")
                     ->check(CLI::Range(1e-3, 1e6))
                     ->check(finite)
                     ->type_name("R")
                     ->excludes(within);
    auto* arrivals = verb.add_option("--arrivals", options.arrivals,
                                     "Distances between arrivals: fixed, or poisson (exponentially distributed)")
                         ->check(CLI::IsMember({"fixed", "poisson"}))
                         ->type_name("NAME")
                         ->capture_default_str()
                         ->needs(rate);
    verb.add_option("--seed", options.seed, "Seed of Poisson arrivals")
        ->type_name("N")
        ->default_str("0")
        ->needs(arrivals);
}

inline void add_sweep_options(CLI::App& verb, PerfOptions& options, const std::string& noun) {
    const auto add = [&](const std::string& name, std::vector<int>& values, const std::string& meaning, int least,
                         int most) {
        return verb.add_option(name, values, meaning)
            ->delimiter(',')
            ->check(CLI::Range(least, most))
            ->allow_extra_args(false)
            ->type_name("N,…");
    };
    verb.get_option("--precision")
        ->description(verb.get_option("--precision")->get_description() + ". Several, with commas, are a sweep");
    add("--batch", options.batches, "Number of " + noun + "s per run, " + built_batches.text(), built_batches.least,
        built_batches.most)
        ->default_str("1");
    add("--threads", options.threads,
        "Threads that share a run, at most: whole " + noun + "s of a batch, or one " + noun +
            "'s layers, for which fewer are taken where runs before were quicker so. Default: what affinity and cgroup "
            "quota allow, divided among the streams",
        1, 1024);
    add("--streams", options.streams, "Runs side by side, each on threads and in memory of its own", 1, 1024)
        ->default_str("1");
}

}  // namespace detail

int PerfOptions::largest_batch() const { return *std::max_element(batches.begin(), batches.end()); }

void PerfOptions::require_inputs(bool given, const std::string& what, const std::string& remedy) const {
    if (end_to_end == given) return;
    throw Error(Fault::usage, {.place = "--end-to-end",
                               .found = end_to_end ? "no " + what : what + "s without --end-to-end",
                               .remedy = remedy});
}

std::vector<PerfSetting> settings_of(const PerfOptions& options) {
    std::vector<std::string> precisions(1);
    for (const char c : options.model.precision)
        if (c == ',') precisions.emplace_back();
        else precisions.back() += c;
    if (precisions.size() > 1 && std::find(precisions.begin(), precisions.end(), "") != precisions.end())
        throw Error(Fault::usage, {.place = "--precision", .found = "an empty name", .wanted = "names"});
    detail::require_distinct("--precision", precisions);
    detail::require_distinct("--batch", options.batches);
    detail::require_distinct("--threads", options.threads);
    detail::require_distinct("--streams", options.streams);
    std::vector<std::optional<int>> threads(options.threads.begin(), options.threads.end());
    if (threads.empty()) threads.emplace_back();
    std::vector<PerfSetting> settings;
    for (const auto& precision : precisions)
        for (const int batch : options.batches)
            for (const auto& of_stream : threads)
                for (const int streams : options.streams) settings.push_back({precision, batch, of_stream, streams});
    if (!options.times.empty() && settings.size() > 1)
        throw Error(Fault::usage, {.place = "--times",
                                   .found = std::to_string(settings.size()) + " settings",
                                   .wanted = "one, whose times the file holds"});
    if (options.seed && options.arrivals == "fixed")
        throw Error(Fault::usage, {.place = "--seed", .found = "--arrivals fixed", .wanted = "--arrivals poisson"});
    return settings;
}

CLI::App* add_perf(CLI::App& program, const Family& family, PerfOptions& options, const std::string& noun,
                   const std::string& timed) {
    auto* verb = add_verb(program, "perf", "Measure speed and memory");
    add_model_options(*verb, family, options.model);
    detail::add_sweep_options(*verb, options, noun);
    detail::add_extent_options(*verb, options);
    auto* compare = verb->add_option("--compare", options.compare,
                                     "Print each figure's ratio to an earlier --json FILE, and whether the runs' times "
                                     "differ by more than chance")
                        ->type_name("FILE");
    verb->add_option("--fail-above", options.fail_above,
                     "Exit with 4 if p50 is more than this above that of --compare, in percent, and not by chance")
        ->check(CLI::Range(0., 1e6))
        ->check(finite)
        ->type_name("PERCENT")
        ->needs(compare);
    verb->add_option("--times", options.times,
                     "Write the time of every run in ms, in order: .npy, or else as text, one a line")
        ->type_name("FILE");
    if (!timed.empty())
        verb->add_flag("--end-to-end", options.end_to_end,
                       "Time " + timed + ", instead of prepared tensor to raw result");
    verb->add_flag("--explain", options.explain, "Print the formula of every figure");
    add_report_options(*verb, options.report);
    return verb;
}

}  // namespace taxon::app
