#pragma once
#include <algorithm>
#include <chrono>
#include <ctime>
#include <string>
#include <taxon/app/perf/benchmark_json.hpp>
#include <taxon/app/console/console.hpp>
#include <taxon/app/console/thread_notes.hpp>
#include <taxon/app/console/worker_pool.hpp>
#include <taxon/app/perf/measurement.hpp>
#include <taxon/app/perf/memory.hpp>
#include <taxon/app/perf/options.hpp>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/app/perf/workload.hpp>
#include <taxon/app/model/description.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

namespace detail {

inline double milliseconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

inline double processor_milliseconds() {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) * 1e3 + static_cast<double>(used.tv_nsec) * 1e-6;
}

/// Repeats `once` for the warm-up, then measures it.
template <class Once>
void measure(const PerfOptions& options, Once once, Measurement& m) {
    using Clock = std::chrono::steady_clock;
    auto start = Clock::now();
    once();
    m.first_ms += milliseconds_since(start);
    for (start = Clock::now(); milliseconds_since(start) < options.warmup * 1e3;) once();
    m.peak_bytes = peak_memory_bytes();  // before the list of times, which is ours and not the network's, grows

    std::vector<double> times;
    if (options.iterations) times.reserve(std::min<std::size_t>(*options.iterations, 1u << 20));
    const auto done = [&] {
        return options.iterations ? times.size() >= *options.iterations
                                  : !times.empty() && milliseconds_since(start) >= options.duration * 1e3;
    };
    const double processor = processor_milliseconds();
    for (start = Clock::now(); !done();) {
        const auto before = Clock::now();
        once();
        times.push_back(milliseconds_since(before));
    }
    const double wall = milliseconds_since(start), runs = static_cast<double>(times.size());
    m.cpu_ms = (processor_milliseconds() - processor) / runs;
    m.samples_per_second = runs * options.batch / (wall * 1e-3);
    m.latency = Latency::of(std::move(times));
}

}  // namespace detail

/// Binds the network that the options ask for and measures the workload returned by make(network, entry, workers),
/// whose memory counts towards the first inference. `start`: when loading began. `length`: of texts. `more`: a suffix
/// of the measurement's name.
template <class Make>
Measurement measured(const Family& family, const PerfOptions& options, int length, const std::string& more,
                     const RequestedModel& model, const CalibrationSource& calibration,
                     std::chrono::steady_clock::time_point start, Console& console, const Make& make) {
    const ModelEntry& entry = model.entry();
    model.require_batch(options.batch);
    const auto [wanted, threads, threads_from] = run_threads(options, entry);
    tell_threads(options.threads, wanted, threads, console, options.report.quiet);
    const auto bound = model.bind(threads, calibration, console, options.report.quiet);
    const auto& network = bound.network;
    Measurement m{.name = fmt::format("{}_{}/{}/batch:{}/threads:{}{}{}{}{}", family.name, entry.variant,
                                      entry.precision, options.batch, threads, entry.size.empty() ? "" : "/size:",
                                      entry.size, more, options.end_to_end ? "/end_to_end" : ""),
                  .description = description_of(family, entry, network->isa()),
                  .batch = options.batch,
                  .sequence = std::max(length, 0),
                  .threads = threads,
                  .threads_from = threads_from,
                  .isa = std::string(network->isa()),
                  .remarks = bound.remarks,
                  .latency = {},
                  .load_ms = detail::milliseconds_since(start),
                  .parameters = entry.parameter_count,
                  .flops = entry.graph.flops(length),
                  .weights_bytes = entry.packed_bytes,
                  .arena_bytes = entry.arena_bytes};
    WorkerPool workers(threads);
    start = std::chrono::steady_clock::now();
    const Workload workload = make(*network, entry, workers);
    m.first_ms = detail::milliseconds_since(start);
    detail::measure(options, workload, m);
    return m;
}

/// Compares with an earlier run if requested, writes and prints.
inline void report(const Measurement& m, const PerfOptions& options, const std::string& executable, Console& console) {
    const Json json = benchmark_json(m, executable);
    std::string text = readable(m);
    if (!options.compare.empty()) {
        const auto earlier = read_json(options.compare);
        const Json& there = benchmark_of(earlier, m.name, options.compare);
        text += readable(compare(json.at("benchmarks").at(0), there, options.compare),
                         json_field<std::string>(there, "name", options.compare));
    }
    print_result(options.report, console, text, [&] { return json; });
}

}  // namespace taxon::app
