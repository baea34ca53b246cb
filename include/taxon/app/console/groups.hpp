#pragma once
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
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
/// threads.
inline void for_each_group(std::size_t count, std::size_t batch, WorkerPool& workers,
                           const std::function<void(int, Group)>& work) {
    std::atomic<std::size_t> next{0};
    std::mutex failing;
    std::exception_ptr failure;
    std::size_t failed_at = count;
    workers.run([&](int worker) {
        // Groups are handed out in order, so those before a failed one have all been started and will be finished.
        for (std::size_t first = next.fetch_add(batch); first < count; first = next.fetch_add(batch)) try {
                work(worker, {first, std::min(batch, count - first)});
            } catch (...) {
                next = count;
                const std::lock_guard lock(failing);
                if (first < failed_at) {
                    failed_at = first;
                    failure = std::current_exception();
                }
            }
    });
    if (failure) std::rethrow_exception(failure);
}

}  // namespace taxon::app
