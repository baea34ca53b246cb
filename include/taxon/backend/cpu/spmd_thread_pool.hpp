#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <taxon/backend/cpu/processors.hpp>
#include <taxon/system/threads.hpp>
#include <thread>
#include <vector>

namespace taxon::cpu {

/// Tells the processor that this is a spin loop.
inline void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/// A spinning barrier between the members of a pool.
class Barrier {
  public:
    /// For `parts` members; none may be inside.
    void reset(int parts) {
        parts_ = parts;
        arrived_.store(0, std::memory_order_relaxed);
        waited_.store(0, std::memory_order_relaxed);
    }

    /// The time that all members together spent in waits of over 200 us, as when another one has lost its processor, or
    /// had much more to do.
    std::chrono::nanoseconds waited() const {
        return std::chrono::nanoseconds(waited_.load(std::memory_order_relaxed));
    }

    /// Returns when all members have called it as often as the caller. Spins: steps end within microseconds of each
    /// other; after 1000 pauses, 10 to 40 us, the other one has probably lost its processor, and gets ours.
    void wait() {
        const std::uint32_t round = round_.load(std::memory_order_relaxed);
        if (arrived_.fetch_add(1, std::memory_order_acq_rel) == parts_ - 1) {
            arrived_.store(0, std::memory_order_relaxed);
            round_.store(round + 1, std::memory_order_release);
            return;
        }
        for (int spins = 0; spins < 1000; ++spins) {
            if (round_.load(std::memory_order_acquire) != round) return;
            pause();
        }
        const auto start = std::chrono::steady_clock::now();
        while (round_.load(std::memory_order_acquire) == round) std::this_thread::yield();
        const std::chrono::nanoseconds waited = std::chrono::steady_clock::now() - start;
        if (waited > std::chrono::microseconds(200)) waited_.fetch_add(waited.count(), std::memory_order_relaxed);
    }

  private:
    alignas(128) std::atomic<int> arrived_{0};
    alignas(128) std::atomic<std::uint32_t> round_{0};
    std::atomic<std::int64_t> waited_{0};
    int parts_ = 1;
};

/// Threads that run one function side by side, each with its part of the work. After a run they spin for at most 100
/// us, because the next one often follows at once, and then sleep. One pool serves a process: two would only compete
/// for processors. If another process has taken a processor, members wait a scheduler's slice for each other at every
/// step (2.1 ms where one thread needs 0.6): so after a run of which more than half was spent waiting the pool rests,
/// and callers run alone. Parts of unequal work cause waits as well, but for less of a run.
class SpmdThreadPool {
  public:
    using Work = void (*)(void* context, int part, int parts, Barrier& barrier);

    /// The process's pool: as many threads as it may use, by affinity and cgroup; started on first use. A forked child
    /// has none of them, and its callers run alone.
    static SpmdThreadPool& of_process() {
        static SpmdThreadPool team(usable_processors());
        static const bool watched = (system::tell_forked_children([] { forked() = true; }), true);
        static_cast<void>(watched);
        return team;
    }

    /// The pool on which the calling thread's runs are shared out: the one that a Use names, else the process's.
    static SpmdThreadPool& of_caller() { return used() ? *used() : of_process(); }

    /// While it lives, the runs of the thread that made it are shared out on a pool of its own. Threads whose pools
    /// have no more members together than there are processors do not meet.
    class Use {
      public:
        explicit Use(SpmdThreadPool& pool) : before_(used()) { used() = &pool; }
        Use(const Use&) = delete;
        Use& operator=(const Use&) = delete;
        ~Use() { used() = before_; }

      private:
        SpmdThreadPool* before_;
    };

    explicit SpmdThreadPool(int size) : size_(size < 1 ? 1 : size) {}
    SpmdThreadPool(const SpmdThreadPool&) = delete;
    ~SpmdThreadPool() {
        stopping_.store(true);
        wake();
        for (auto& thread : threads_) forked() ? thread.detach() : thread.join();
    }

    /// As many as were wanted, or fewer once the system has refused more.
    int size() const { return size_.load(std::memory_order_relaxed); }

    /// Runs `work` on up to `parts` threads, the caller among them as part 0, and returns when all are done. If the
    /// pool is busy with another caller's work, rests, or cannot have a second thread, the caller does it all, as part
    /// 0 of 1; if it cannot have all, it goes on with fewer. `work` must not throw.
    void run(int parts, Work work, void* context) {
        parts = parts < size() ? parts : size();
        if (parts < 2 || rests() || busy_.exchange(true, std::memory_order_acquire)) return alone(work, context);
        if (!start_threads(parts - 1)) {
            parts = static_cast<int>(threads_.size()) + 1;
            size_.store(parts, std::memory_order_relaxed);
            if (parts < 2) {
                busy_.store(false, std::memory_order_release);
                return alone(work, context);
            }
        }
        const auto start = Clock::now();
        work_ = work, context_ = context, parts_ = parts;
        barrier_.reset(parts);
        unfinished_.store(static_cast<int>(threads_.size()), std::memory_order_relaxed);
        epoch_.fetch_add(1);
        if (parked_.load() > 0) epoch_.notify_all();
        work(context, 0, parts, barrier_);
        for (int spins = 0; unfinished_.load(std::memory_order_acquire) > 0; ++spins) {
            if (spins < 1000) pause();
            else std::this_thread::yield();
        }
        if (2 * barrier_.waited() > (parts - 1) * (Clock::now() - start)) rest();
        busy_.store(false, std::memory_order_release);
    }

  private:
    using Clock = std::chrono::steady_clock;

    static SpmdThreadPool*& used() {
        static thread_local SpmdThreadPool* pool = nullptr;
        return pool;
    }

    static std::atomic<bool>& forked() {
        static std::atomic<bool> is_child{false};
        return is_child;
    }

    bool rests() const {
        if (forked().load(std::memory_order_relaxed)) return true;
        const auto until = rests_until_.load(std::memory_order_relaxed);
        return until != 0 && Clock::now().time_since_epoch().count() < until;
    }
    void rest() {
        rests_until_.store((Clock::now() + std::chrono::milliseconds(20)).time_since_epoch().count(),
                           std::memory_order_relaxed);
    }

    static void alone(Work work, void* context) {
        Barrier barrier;
        barrier.reset(1);
        work(context, 0, 1, barrier);
    }

    /// As many as were ever requested: those without a part in a run still have to see it go by. False if the system
    /// refuses more.
    bool start_threads(int count) noexcept try {
        while (static_cast<int>(threads_.size()) < count) {
            const int part = static_cast<int>(threads_.size()) + 1;
            threads_.emplace_back([this, part, seen = epoch_.load()] { serve(part, seen); });
        }
        return true;
    } catch (...) { return false; }

    void serve(int part, std::uint32_t seen) {
        for (;;) {
            seen = next_epoch(seen);
            if (stopping_.load()) return;
            if (part < parts_) work_(context_, part, parts_, barrier_);
            unfinished_.fetch_sub(1, std::memory_order_release);
        }
    }

    /// Waits for the next run. The clock is read only every 64 pauses; reading it is no system call.
    std::uint32_t next_epoch(std::uint32_t seen) {
        const auto start = Clock::now();
        for (int spins = 1;; ++spins) {
            if (const std::uint32_t now = epoch_.load(std::memory_order_acquire); now != seen) return now;
            pause();
            if (spins % 64 == 0 && Clock::now() - start > std::chrono::microseconds(100)) break;
        }
        parked_.fetch_add(1);
        epoch_.wait(seen);
        parked_.fetch_sub(1);
        return epoch_.load();
    }

    void wake() {
        epoch_.fetch_add(1);
        epoch_.notify_all();
    }

    std::atomic<int> size_;
    alignas(128) std::atomic<std::uint32_t> epoch_{0};
    alignas(128) std::atomic<int> unfinished_{0};
    alignas(128) std::atomic<int> parked_{0};
    std::atomic<bool> busy_{false}, stopping_{false};
    std::atomic<Clock::rep> rests_until_{0};
    Work work_ = nullptr;
    void* context_ = nullptr;
    int parts_ = 1;
    Barrier barrier_;
    std::vector<std::thread> threads_;
};

}  // namespace taxon::cpu
