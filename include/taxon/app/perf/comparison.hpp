#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <taxon/app/console/exit_code.hpp>
#include <taxon/app/console/json.hpp>
#include <taxon/app/perf/mann_whitney.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

/// One metric of two runs and this run's improvement factor: above 1, it is faster or smaller.
struct Compared {
    std::string figure;
    double here = 0, there = 0, ratio = 0;
};

/// Two benchmarks beside each other.
struct BenchmarkComparison {
    std::string name_here, name_there;
    std::vector<Compared> figures{};
    std::optional<MannWhitney> test{};  ///< of the times here against those there, if both have them
    std::size_t n_here = 0, n_there = 0;

    /// By how much p50 here is above that there, as a fraction; nothing if one of them is missing.
    std::optional<double> slower() const {
        for (const auto& row : figures)
            if (row.figure == "p50") return row.here / row.there - 1;
        return std::nullopt;
    }
};

/// Every metric that both benchmarks, of perf or of Google Benchmark, have. `path`: of `there`.
inline BenchmarkComparison compare(const Json& here, const Json& there, const std::filesystem::path& path) {
    // Google Benchmark's own times may be in another unit; ours are all in milliseconds.
    const std::string unit = there.contains("time_unit") ? json_field<std::string>(there, "time_unit", path) : "ns";
    const double to_ms = unit == "s" ? 1e3 : unit == "us" ? 1e-3 : unit == "ns" ? 1e-6 : 1;
    BenchmarkComparison result{here.value("name", ""), json_field<std::string>(there, "name", path)};
    for (const std::string figure :
         {"qps", "real_time", "cpu_time", "mean", "min", "p90", "p95", "p99", "p99.9", "max", "load_ms",
          "first_inference_ms", "joules_per_sample", "weights_bytes", "arena_bytes", "peak_memory_bytes"}) {
        if (!there.contains(figure) || !here.contains(figure)) continue;
        const bool converted = figure == "real_time" || figure == "cpu_time";
        const double a = here.at(figure).get<double>(),
                     b = json_field<double>(there, figure, path) * (converted ? to_ms : 1);
        if (!(a > 0 && b > 0)) continue;
        result.figures.push_back({figure == "real_time" ? "p50" : figure, a, b, figure == "qps" ? a / b : b / a});
    }
    if (!here.contains("times") || !there.contains("times")) return result;
    const auto times_of = [&](const Json& benchmark) {
        std::vector<double> times;
        const Json& list = benchmark.at("times");
        for (const Json& time : list)
            if (time.is_number()) times.push_back(time.get<double>());
        if (!list.is_array() || times.size() != list.size() || times.empty())
            throw Error(Fault::type, {.file = path.string(),
                                      .place = "field \"times\"",
                                      .found = "something else",
                                      .wanted = "a list of numbers"});
        return times;
    };
    const auto a = times_of(here), b = times_of(there);
    result.test = mann_whitney(a, b), result.n_here = a.size(), result.n_there = b.size();
    return result;
}

/// Compares each benchmark with that of its name in an earlier run's JSON; if both have but one, with that. Throws
/// Fault::missing or type if there is none to compare with.
inline std::vector<BenchmarkComparison> compare_all(const Json& here, const Json& earlier,
                                                    const std::filesystem::path& path) {
    const auto list = earlier.find("benchmarks");
    if (list == earlier.end() || !list->is_array() || list->empty())
        throw Error(Fault::missing, {.file = path.string(), .wanted = "\"benchmarks\", as perf --json writes it"});
    std::vector<BenchmarkComparison> all;
    for (const Json& benchmark : here.at("benchmarks"))
        for (const Json& other : *list)
            if (other.is_object() &&
                json_field<std::string>(other, "name", path) == benchmark.at("name").get<std::string>()) {
                all.push_back(compare(benchmark, other, path));
                break;
            }
    const Json& ours = here.at("benchmarks");
    if (all.empty() && ours.size() == 1 && list->size() == 1 && list->front().is_object())
        all.push_back(compare(ours.front(), list->front(), path));
    if (all.empty())
        throw Error(Fault::missing, {.file = path.string(),
                                     .found = std::to_string(list->size()) + " benchmarks",
                                     .wanted = "one of the name " + ours.front().at("name").get<std::string>()});
    return all;
}

/// What the test says, in a line.
inline std::string verdict(const BenchmarkComparison& c) {
    if (!c.test) return "no times in the earlier file: whether chance makes the difference cannot be tested\n";
    const char* word = c.test->p >= .05            ? "no difference beyond chance"
                       : c.test->first_longer > .5 ? "slower"
                                                   : "faster";
    return fmt::format(
        "{}: Mann-Whitney U, p = {:.2g}, n = {} and {}; a run here is the longer one in {:.0f} % of pairs\n", word,
        c.test->p, c.n_here, c.n_there, c.test->first_longer * 100);
}

/// One comparison figure by figure, several by their medians.
inline std::string readable(const std::vector<BenchmarkComparison>& all, std::size_t measured) {
    std::string text;
    if (measured == 1) {
        const auto& c = all.front();
        text = fmt::format("\nagainst {}\n{:<20} {:>14} {:>14} {:>8}\n", printable(c.name_there), "", "here", "there",
                           "ratio");
        for (const auto& row : c.figures)
            text += fmt::format("{:<20} {:>14.3f} {:>14.3f} {:>8.2f}\n", row.figure, row.here, row.there, row.ratio);
        return text + "a ratio above 1: this run is faster or smaller\n" + verdict(c);
    }
    text = "\n   p50 here      there    ratio\n";
    for (const auto& c : all)
        for (const auto& row : c.figures)
            if (row.figure == "p50")
                text += fmt::format("{:>11.3f} {:>10.3f} {:>8.2f}  {}: {}", row.here, row.there, row.ratio, c.name_here,
                                    verdict(c));
    if (all.size() < measured)
        text += fmt::format("{} of {} benchmarks have no partner there\n", measured - all.size(), measured);
    return text;
}

/// Throws CheckFailed if p50 of one is more than `percent` above that there, unless chance explains it.
inline void require_no_slower(const std::vector<BenchmarkComparison>& all, double percent,
                              const std::filesystem::path& path) {
    for (const auto& c : all) {
        const auto slower = c.slower();
        if (!slower)
            throw Error(Fault::missing, {.file = path.string(),
                                         .place = "benchmark '" + c.name_there + "'",
                                         .wanted = "a positive real_time, which --fail-above compares"});
        if (*slower * 100 > percent && !(c.test && c.test->p >= .05))
            throw CheckFailed(fmt::format("{}: p50 is {:.1f} % above that of {}{}; --fail-above {:g} allows no more",
                                          c.name_here, *slower * 100, path.string(),
                                          c.test ? fmt::format(" (p = {:.2g})", c.test->p) : "", percent));
    }
}

}  // namespace taxon::app
