#pragma once
#include <deque>
#include <taxon/app/console/worker_pool.hpp>
#include <taxon/app/perf/energy.hpp>
#include <taxon/app/perf/measurement.hpp>
#include <taxon/app/perf/options.hpp>
#include <taxon/app/perf/perf.hpp>
#include <taxon/app/perf/streams.hpp>
#include <taxon/backend/cpu/spmd_thread_pool.hpp>
#include <taxon/system/process.hpp>

#include <fmt/core.h>

namespace taxon::app {

/// The threads of each stream.
struct StreamThreads {
    int wanted, given;
    std::string origin;  ///< of the number given
};

/// Streams that run one network side by side, each with its own threads and memory.
class StreamSet {
  public:
    /// Starts the threads. `asked`: of each stream.
    StreamSet(const ModelEntry& entry, int streams, std::optional<int> asked) {
        const bool one_only = entry.backend == "reference";
        const int usable = one_only ? 1 : cpu::usable_processors(), share = std::max(1, usable / streams);
        threads_.wanted = std::min(asked.value_or(share), usable);
        threads_.given = threads_.wanted;
        for (int i = 0; i < streams; ++i) {
            auto& pool = pools_.emplace_back(threads_.wanted);
            if (threads_.wanted > 1) pool.run(threads_.wanted, {.part = [](void*, const cpu::Share&) {}});
            threads_.given = std::min(threads_.given, pool.size());
        }
        threads_.origin = threads_.given < threads_.wanted ? "as many as the system gives"
                          : asked && *asked <= usable      ? "as asked"
                          : one_only                       ? "all that the Reference backend uses"
                                                           : "as affinity and quota allow";
        for (int i = 0; i < streams; ++i) workers_.emplace_back(threads_.given);
    }

    const StreamThreads& threads() const { return threads_; }

    /// Makes the next stream's workload, which runs on its threads.
    void add(const PerfSubject& subject, const AnyModel& network, const ModelEntry& entry, int batch) {
        cpu::SpmdThreadPool& pool = pools_[workloads_.size()];
        const cpu::SpmdThreadPool::Use use(pool);
        workloads_.push_back([&pool, work = subject.work(network, entry, batch, workers_[workloads_.size()])] {
            const cpu::SpmdThreadPool::Use here(pool);
            work();
        });
    }

    std::span<const Workload> workloads() const { return workloads_; }

  private:
    StreamThreads threads_{};
    std::deque<cpu::SpmdThreadPool> pools_;  // neither can be moved
    std::deque<WorkerPool> workers_;
    std::vector<Workload> workloads_;
};

namespace detail {

inline void warm_up(const PerfOptions& options, std::span<const Workload> workloads, Clock& clock) {
    const double time = options.warmup.value_or(.5);
    if (options.warmup_runs ? *options.warmup_runs == 0 : time == 0) return;
    Extent extent{options.warmup_runs, nanoseconds(time), {}};
    Course course(extent);
    run_streams(workloads, course, clock);
}

inline Extent extent_of(const PerfOptions& options) {
    const double usual = options.until_within ? 60 : 2;
    return {options.iterations, nanoseconds(options.duration.value_or(usual)),
            options.until_within ? std::optional(*options.until_within / 100) : std::nullopt};
}

inline std::optional<Arrivals> arrivals_of(const PerfOptions& options) {
    if (!options.rate) return std::nullopt;
    return options.arrivals == "poisson" ? Arrivals::poisson(*options.rate, options.seed.value_or(0))
                                         : Arrivals::fixed(*options.rate);
}

template <class Part>
std::vector<double> times_of(const std::vector<Run>& runs, Part part) {
    std::vector<double> times;
    times.reserve(runs.size());
    for (const Run& run : runs) times.push_back(milliseconds((run.*part)()));
    return times;
}

}  // namespace detail

/// Measures the streams' steady state: all figures of `m` that are of runs. They have run before. False if it was
/// stopped before a run ended.
inline bool measure(const PerfOptions& options, std::span<const Workload> workloads, Clock& clock, Measurement& m) {
    Course course(detail::extent_of(options), detail::arrivals_of(options));
    const EnergyCounters energy;
    const MachineCounters before = machine_counters();
    const double processor = system::process_use().seconds * 1e3;
    const Nanoseconds wall = run_streams(workloads, course, clock);
    const double used = system::process_use().seconds * 1e3 - processor;
    m.disturbance = disturbance(before, machine_counters(), seconds(wall));
    const auto joules = energy.joules();

    m.converged = course.converged();
    const bool unserved = course.unserved();
    std::vector<Run> runs = std::move(course).take_runs();
    if (runs.empty()) return false;
    std::stable_sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) { return a.intended < b.intended; });
    const double count = static_cast<double>(runs.size());
    m.times = detail::times_of(runs, &Run::latency);
    m.latency = Latency::of(m.times);
    m.cpu_ms = used / count;
    m.processors = used / milliseconds(wall);
    m.samples_per_second = count * m.batch / seconds(wall);
    if (joules) m.joules = *joules / (count * m.batch);
    if (options.until_within) m.within = *options.until_within / 100;
    if (!options.rate) return true;
    m.rate = {.rate = *options.rate,
              .arrivals =
                  options.arrivals == "poisson" ? fmt::format("poisson, seed {}", options.seed.value_or(0)) : "fixed",
              .waiting = Latency::of(detail::times_of(runs, &Run::waiting)),
              .service = Latency::of(detail::times_of(runs, &Run::service)),
              .unserved = unserved};
    m.rate->utilisation = m.rate->rate * m.rate->service.mean * 1e-3 / m.streams;
    return true;
}

}  // namespace taxon::app
