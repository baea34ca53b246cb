#pragma once
#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace taxon::app {

/// A fixed set of threads that run one job after another together. The caller is the first of them. If the system
/// refuses threads, there are fewer than wanted.
class WorkerPool {
  public:
    /// `wanted`: the number of workers, at least 1, the caller included.
    explicit WorkerPool(int wanted) : wanted_(wanted) {
        threads_.reserve(static_cast<std::size_t>(wanted - 1));
        try {
            for (int worker = 1; worker < wanted; ++worker) threads_.emplace_back([this, worker] { serve(worker); });
        } catch (const std::system_error&) {
        } catch (...) {
            stop();  // those already started would wait forever
            throw;
        }
    }
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;
    ~WorkerPool() { stop(); }

    int size() const { return static_cast<int>(threads_.size()) + 1; }
    int wanted() const { return wanted_; }

    /// Calls job(worker) for workers 0 … size() - 1 concurrently and returns when all are done. Rethrows the first
    /// exception.
    void run(const std::function<void(int)>& job) {
        job_ = &job;
        failure_ = nullptr;
        unfinished_ = size() - 1;
        round_.fetch_add(1);
        round_.notify_all();
        attempt(0);
        for (int left = unfinished_; left != 0; left = unfinished_) unfinished_.wait(left);
        if (failure_) std::rethrow_exception(failure_);
    }

  private:
    void stop() {
        stopping_ = true;
        round_.fetch_add(1);
        round_.notify_all();
    }

    void serve(int worker) {
        for (std::uint32_t seen = 0;;) {
            round_.wait(seen);
            seen = round_;
            if (stopping_) return;
            attempt(worker);
            if (unfinished_.fetch_sub(1) == 1) unfinished_.notify_all();
        }
    }

    void attempt(int worker) noexcept {
        try {
            (*job_)(worker);
        } catch (...) {
            const std::lock_guard lock(failing_);
            if (!failure_) failure_ = std::current_exception();
        }
    }

    int wanted_;
    const std::function<void(int)>* job_ = nullptr;
    std::exception_ptr failure_{};
    std::mutex failing_;
    std::atomic<std::uint32_t> round_{0};
    std::atomic<int> unfinished_{0};
    std::atomic<bool> stopping_{false};
    std::vector<std::jthread> threads_;  // last, so that it is joined before the members it uses are destroyed
};

}  // namespace taxon::app
