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

/// A thread's share of a superstep.
struct Share {
    int superstep, part, parts;
    int member;  ///< the thread; it may take several parts of a superstep
};

/// What a run consists of: supersteps, each of which all threads share, one after the other. Nothing may throw.
struct Supersteps {
    /// One part of a superstep; the parts of a superstep may run in any order, or side by side.
    void (*part)(void* context, const Share& share);
    void* context = nullptr;
    int count = 1;
    /// What one thread does before the parts of a superstep, and after those of the last one; may be null.
    void (*between)(void* context, int superstep, int member) = nullptr;
    /// All of it on one thread, where that differs from part 0 of 1 of every superstep; may be null.
    void (*all)(void* context) = nullptr;
};

/// Threads that work through a run's supersteps side by side. A thread takes the part of its own number, because what
/// it reads is in its cache, or one that nobody has begun when its own is done: so nobody waits for a thread that still
/// wakes up, or has lost its processor, unless that is within a part. Whoever ends a superstep's last part does what
/// one thread does, and opens the next superstep. After a run threads spin for at most 100 us, because the next one
/// often follows at once, and then sleep; they wake up on another processor than the caller's. One pool serves a
/// process: two would only compete for processors.
class SpmdThreadPool {
  public:
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

    explicit SpmdThreadPool(int size)
        : size_(size < 1 ? 1 : size), members_(static_cast<std::size_t>(size_.load(std::memory_order_relaxed))) {}
    SpmdThreadPool(const SpmdThreadPool&) = delete;
    ~SpmdThreadPool() {
        stopping_.store(true);
        for (int i = 1; i <= static_cast<int>(threads_.size()); ++i) wake(member(i));
        for (auto& thread : threads_) forked() ? thread.detach() : thread.join();
    }

    /// As many as were wanted, or fewer once the system has refused more.
    int size() const { return size_.load(std::memory_order_relaxed); }

    /// Works on up to `parts` threads, the caller among them as member 0, and returns the number of parts when all are
    /// done. If the pool is busy with another caller's work, or cannot have a second thread, the caller does it all, as
    /// part 0 of 1; if it cannot have all, it goes on with fewer.
    int run(int parts, const Supersteps& work) {
        parts = parts < size() ? parts : size();
        if (parts < 2 || forked().load(std::memory_order_relaxed) || busy_.exchange(true, std::memory_order_acquire))
            return alone(work);
        if (!start_threads(parts - 1)) {
            parts = static_cast<int>(threads_.size()) + 1;
            size_.store(parts, std::memory_order_relaxed);
            if (parts < 2) {
                busy_.store(false, std::memory_order_release);
                return alone(work);
            }
        }
        work_ = work, superstep_ = 0;
        if (work.between) work.between(work.context, 0, 0);
        turn_.store(turn_.load(std::memory_order_relaxed) + one_turn + static_cast<Turn>(parts));
        wake_members(parts);
        work_along(0);
        busy_.store(false, std::memory_order_release);
        return parts;
    }

    /// Does all of the work on this thread, as part 0 of 1.
    static int alone(const Supersteps& work) {
        if (work.all) return work.all(work.context), 1;
        for (int superstep = 0; superstep <= work.count; ++superstep) {
            if (work.between) work.between(work.context, superstep, 0);
            if (superstep < work.count) work.part(work.context, {superstep, 0, 1, 0});
        }
        return 1;
    }

  private:
    using Clock = std::chrono::steady_clock;

    /// A number that grows from superstep to superstep, and in the lowest bits its number of parts: none between runs.
    using Turn = std::uint64_t;
    static constexpr Turn one_turn = 1 << 16;
    static int parts_of(Turn turn) { return static_cast<int>(turn % one_turn); }

    struct alignas(128) Member {
        std::atomic<Turn> taken{0};  ///< the last turn whose part of this number was taken
        std::atomic<bool> sleeps{false};
        std::atomic<std::uint32_t> bell{0};
        system::KeptOff kept_off{};
    };
    Member& member(int number) { return members_[static_cast<std::size_t>(number)]; }

    static SpmdThreadPool*& used() {
        static thread_local SpmdThreadPool* pool = nullptr;
        return pool;
    }

    static std::atomic<bool>& forked() {
        static std::atomic<bool> is_child{false};
        return is_child;
    }

    /// False if the system refuses more.
    bool start_threads(int count) noexcept try {
        while (static_cast<int>(threads_.size()) < count) {
            const int number = static_cast<int>(threads_.size()) + 1;
            threads_.emplace_back([this, number] {
                while (await_run(number)) work_along(number);
            });
        }
        return true;
    } catch (...) { return false; }

    /// Takes a part if nobody has. A turn that is over cannot be taken any more: all its parts have been, then or
    /// later. Whoever has taken one may read the run's work until it is done.
    bool take(int part, Turn turn) {
        Turn last = member(part).taken.load(std::memory_order_relaxed);
        return last < turn && member(part).taken.compare_exchange_strong(last, turn, std::memory_order_relaxed);
    }

    /// Takes parts until the run is over. A thread that has done a part looks whether the next one has been begun, and
    /// at all of them only when it has waited for a while: that takes the others' cache lines away.
    void work_along(int number) {
        for (;;) {
            const Turn turn = turn_.load(std::memory_order_acquire);
            const int parts = parts_of(turn);
            if (number >= parts) return;
            for (int part = number; take(part, turn);) {
                work(part, parts, turn, number);
                if (++part == parts) part = 0;
            }
            for (int waits = 0; turn_.load(std::memory_order_acquire) == turn; ++waits) {
                // 1000 pauses are 10 to 40 us: another one has probably lost its processor, and gets ours
                waits < 1000 ? pause() : std::this_thread::yield();
                for (int part = 0; waits % 64 == 63 && part < parts; ++part)
                    if (take(part, turn)) work(part, parts, turn, number);
            }
        }
    }

    void work(int part, int parts, Turn turn, int number) {
        work_.part(work_.context, {superstep_, part, parts, number});
        if (done_.fetch_add(1, std::memory_order_acq_rel) < parts - 1) return;
        done_.store(0, std::memory_order_relaxed);
        ++superstep_;
        if (work_.between) work_.between(work_.context, superstep_, number);
        const bool over = superstep_ == work_.count;
        turn_.store(turn + one_turn - static_cast<Turn>(over ? parts : 0), std::memory_order_release);
    }

    /// Waits for a run that this member takes part in; false if the pool ends. The clock is read only every 64 pauses;
    /// reading it is no system call.
    bool await_run(int number) {
        const auto waits = [&] { return number >= parts_of(turn_.load()) && !stopping_.load(); };
        auto start = Clock::now();
        for (int spins = 1; waits(); ++spins) {
            pause();
            if (spins % 64 != 0 || Clock::now() - start < std::chrono::microseconds(100)) continue;
            Member& mine = member(number);
            const std::uint32_t rung = mine.bell.load();
            mine.sleeps.store(true);
            if (waits()) mine.bell.wait(rung);
            mine.sleeps.store(false);
            start = Clock::now();
        }
        return !stopping_.load();
    }

    /// Those that sleep, on other processors than the caller's. Left to itself, Linux lets one that has slept for a few
    /// milliseconds wait for the caller's processor while that of a virtual machine is halted, because the host has
    /// taken that away: 40 parts of 60 us took 2.42 ms instead of 1.28.
    void wake_members(int parts) {
        int processor = -1;
        for (int i = 1; i < parts; ++i) {
            if (!member(i).sleeps.load()) continue;
            if (processor < 0) processor = system::current_processor();
            member(i).kept_off.keep_off(threads_[static_cast<std::size_t>(i - 1)], processor);
            wake(member(i));
        }
    }

    static void wake(Member& member) {
        member.bell.fetch_add(1);
        member.bell.notify_one();
    }

    std::atomic<int> size_;
    std::vector<Member> members_;
    alignas(128) std::atomic<Turn> turn_{0};
    alignas(128) std::atomic<int> done_{0};  ///< parts of this superstep
    alignas(128) std::atomic<bool> busy_{false};
    std::atomic<bool> stopping_{false};
    Supersteps work_{};
    int superstep_ = 0;
    std::vector<std::thread> threads_;
};

}  // namespace taxon::cpu
