#pragma once
#include <cstdint>
#include <string>
#include <vector>
#include <taxon/app/console/wording.hpp>
#include <taxon/app/perf/statistics.hpp>

#include <fmt/core.h>

namespace taxon::app {

/// A measurement of one network in one setting. Times are in milliseconds, per run of the whole batch.
struct Measurement {
    std::string name;                          ///< FAMILY_VARIANT/PRECISION/batch:B/threads:T
    std::string description;                   ///< of the network and how it ran, for people
    int batch = 1, sequence = 0, threads = 1;  ///< sequence: tokens of a text, 0 for pictures
    std::string threads_from;                  ///< the origin of the number of threads
    std::string isa;
    std::vector<std::string> remarks{};  ///< about the weights
    Latency latency;
    double cpu_ms = 0;              ///< CPU time of a run, all threads together
    double samples_per_second = 0;  ///< by wall clock, over the whole measurement
    double load_ms = 0;             ///< opening, binding and packing the weights
    double first_ms = 0;            ///< the first run, memory allocation included
    std::int64_t parameters = 0, flops = 0, weights_bytes = 0, arena_bytes = 0, peak_bytes = 0;
};

/// Formats the figures for people. A percentile that lies between the two slowest runs says little and is marked.
inline std::string readable(const Measurement& m) {
    const auto& t = m.latency;
    std::string text = fmt::format("{}\nbatch {}{}, {} ({})\n\n", m.description, m.batch,
                                   m.sequence == 0 ? "" : fmt::format(" of {} tokens", m.sequence),
                                   plural(m.threads, "thread"), m.threads_from);
    text += fmt::format("throughput       {:.1f} samples/s by wall clock\n", m.samples_per_second);
    text += fmt::format("latency, ms      {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>8}\n", "mean", "min", "p50",
                        "p90", "p95", "p99", "max", "n");
    const auto mark = [&](double fraction) { return static_cast<double>(t.n) * (1 - fraction) < 1 ? "*" : ""; };
    const auto cell = [&](double ms, double fraction) { return fmt::format("{:.3f}{}", ms, mark(fraction)); };
    text += fmt::format("                 {:>9.3f} {:>9.3f} {:>9.3f} {:>9} {:>9} {:>9} {:>9.3f} {:>8}\n", t.mean, t.min,
                        t.p50, cell(t.p90, .9), cell(t.p95, .95), cell(t.p99, .99), t.max, t.n);
    if (t.n < 100) text += "                 * too few runs for this percentile\n";
    text += fmt::format("load             {:.1f} ms\nfirst inference  {:.3f} ms\n", m.load_ms, m.first_ms);
    text += fmt::format("weights          {} ({:.2f} million parameters)\n", readable_bytes(m.weights_bytes),
                        static_cast<double>(m.parameters) / 1e6);
    text += fmt::format("arena            {}\npeak memory      {}\n", readable_bytes(m.arena_bytes),
                        readable_bytes(m.peak_bytes));
    return text;
}

}  // namespace taxon::app
