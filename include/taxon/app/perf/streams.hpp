#pragma once
#include <exception>
#include <mutex>
#include <span>
#include <taxon/app/console/stop_signals.hpp>
#include <taxon/app/perf/course.hpp>
#include <taxon/app/perf/workload.hpp>
#include <thread>
#include <vector>

namespace taxon::app {

/// Runs the workloads side by side, each on a thread of its own, the first on the caller's, as long as the course has
/// a next run, and until `stopped`. Returns the wall-clock time from the start to the end of the last run. Rethrows a
/// workload's exception once the others have stopped.
inline Nanoseconds run_streams(std::span<const Workload> workloads, Course& course, Clock& clock,
                               bool (*stopped)() = StopSignals::requested) {
    std::mutex mutex;  // taken twice a run, for 20 ns; the course sorts under it only a few times
    std::exception_ptr failure;
    const Nanoseconds start = clock.now();
    const auto serve = [&](const Workload& work) noexcept {
        try {
            for (;;) {
                std::optional<Nanoseconds> intended;
                {
                    const std::lock_guard lock(mutex);
                    intended = course.next(clock.now() - start);
                }
                if (!intended) return;
                constexpr std::chrono::milliseconds patience{100};
                for (const auto at = start + *intended; !stopped() && clock.now() < at;)
                    clock.wait_until(std::min<Nanoseconds>(at, clock.now() + patience));
                if (stopped()) return;
                const Nanoseconds before = clock.now();
                work();
                const Nanoseconds after = clock.now();
                const std::lock_guard lock(mutex);
                course.ended({*intended, before - start, after - start});
            }
        } catch (...) {
            const std::lock_guard lock(mutex);
            if (!failure) failure = std::current_exception();
            course.stop();
        }
    };
    {
        std::vector<std::jthread> others;
        try {
            for (const Workload& work : workloads.subspan(1)) others.emplace_back(serve, std::cref(work));
            serve(workloads.front());
        } catch (...) {  // the system refuses threads
            const std::lock_guard lock(mutex);
            failure = std::current_exception();
            course.stop();
        }
    }
    if (failure) std::rethrow_exception(failure);
    return clock.now() - start;
}

}  // namespace taxon::app
