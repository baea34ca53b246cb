#pragma once
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <taxon/app/console/exit_code.hpp>
#include <taxon/app/console/worker_pool.hpp>
#include <taxon/backend/cpu/processors.hpp>

namespace taxon::app {

/// Consecutive entries of a list of inputs.
struct Group {
    std::size_t first, size;
};

/// The number of workers for `count` inputs in groups of `batch`: `threads`, else as many as the process may use, but
/// no more than there are groups, because each worker has the memory of one.
inline int worker_count(std::size_t count, std::size_t batch, std::optional<int> threads = std::nullopt) {
    const auto most = static_cast<std::size_t>(threads.value_or(cpu::usable_processors()));
    return static_cast<int>(std::min((count + batch - 1) / batch, most));
}

/// Splits `count` inputs into groups of at most `batch`, shared over the workers: work(worker, group). If a group
/// fails, the rest is skipped and the failure of the first failed group in order is rethrown, whatever the number of
/// threads. Once a `stop` is requested, no more groups are begun. Returns the number of inputs done, which are the
/// first ones.
inline std::size_t for_each_group(std::size_t count, std::size_t batch, WorkerPool& workers,
                                  const std::function<void(int, Group)>& work, const std::stop_token& stop = {}) {
    std::atomic<std::size_t> next{0};
    std::mutex failing;
    std::exception_ptr failure;
    std::size_t failed_at = count;
    workers.run([&](int worker) {
        // Groups are handed out in order, so those before a failed one have all been started and will be finished.
        while (!stop.stop_requested()) {
            const std::size_t first = next.fetch_add(batch);
            if (first >= count) return;
            try {
                work(worker, {first, std::min(batch, count - first)});
            } catch (...) {
                next = count;
                const std::lock_guard lock(failing);
                if (first < failed_at) {
                    failed_at = first;
                    failure = std::current_exception();
                }
            }
        }
    });
    if (failure) std::rethrow_exception(failure);
    return std::min(next.load(), count);
}

/// Throws Stopped, naming the work, unless all of `count` inputs are done: for work that is of no use in part.
inline void require_all(std::size_t done, std::size_t count, std::string_view work) {
    if (done < count)
        throw Stopped(std::string(work) + " stopped after " + std::to_string(done) + " of " + std::to_string(count) +
                      "; nothing is written");
}

}  // namespace taxon::app
