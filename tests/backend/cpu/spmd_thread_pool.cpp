#include <taxon/backend/cpu/spmd_thread_pool.hpp>

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <ctime>

#include "catch.hpp"
#include "refused_threads.hpp"

using taxon::cpu::Share;
using taxon::cpu::SpmdThreadPool;
using taxon::cpu::Supersteps;

namespace {

struct Seen {
    std::array<std::atomic<int>, 8> calls{};
    std::atomic<int> parts{0};
};

Supersteps note(Seen& to) {
    return {.part =
                [](void* context, const Share& share) {
                    auto& seen = *static_cast<Seen*>(context);
                    seen.calls[static_cast<std::size_t>(share.part)]++;
                    seen.parts = share.parts;
                },
            .context = &to};
}

/// Of all threads.
double processor_seconds() {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + 1e-9 * static_cast<double>(used.tv_nsec);
}

}  // namespace

TEST_CASE("every part of a run is called once") {
    for (const int size : {1, 2, 3, 5}) {
        SpmdThreadPool pool(size);
        for (const int wanted : {1, 2, 5, 8}) {
            Seen seen;
            pool.run(wanted, note(seen));
            const int parts = seen.parts;
            CHECK(parts >= 1);
            CHECK(parts <= std::min(size, wanted));
            for (std::size_t part = 0; part < seen.calls.size(); ++part)
                CHECK(seen.calls[part] == (static_cast<int>(part) < parts ? 1 : 0));
        }
    }
}

TEST_CASE("nobody begins a superstep before all parts of the one before have ended") {
    struct Stages {
        std::array<std::atomic<int>, 300> done{};
        std::array<std::atomic<int>, 301> between{};
        std::atomic<int> early{0};

        bool is_done(int stage, int parts) const {
            return stage == 0 || done[static_cast<std::size_t>(stage - 1)] == parts;
        }
    } stages;
    SpmdThreadPool pool(3);
    for (int run = 0; run < 20; ++run) {
        for (auto& count : stages.done) count = 0;
        for (auto& count : stages.between) count = 0;
        const int parts = pool.run(3, {.part =
                                           [](void* context, const Share& share) {
                                               auto& mine = *static_cast<Stages*>(context);
                                               if (!mine.is_done(share.superstep, share.parts) ||
                                                   mine.between[static_cast<std::size_t>(share.superstep)] != 1)
                                                   mine.early++;
                                               mine.done[static_cast<std::size_t>(share.superstep)]++;
                                           },
                                       .context = &stages,
                                       .count = 300,
                                       .between =
                                           [](void* context, int stage, int) {
                                               auto& mine = *static_cast<Stages*>(context);
                                               if (!mine.is_done(stage, 3)) mine.early++;
                                               mine.between[static_cast<std::size_t>(stage)]++;
                                           }});
        CHECK(parts == 3);
        CHECK(stages.early == 0);
        for (const auto& count : stages.done) CHECK(count == 3);
        for (const auto& count : stages.between) CHECK(count == 1);
    }
}

namespace {

std::atomic<bool> is_held{false}, may_go{false};

/// Holds the thread that gets the signal, as if it had lost its processor.
void hold(int) {
    is_held = true;
    while (!may_go) sched_yield();
}

}  // namespace

TEST_CASE("a run does without a thread that has lost its processor") {
    SpmdThreadPool pool(2);
    struct Meeting {
        std::atomic<int> there{0};
        pthread_t other{};
    } meeting;
    const auto meet = [](void* context, const Share& share) {
        auto& mine = *static_cast<Meeting*>(context);
        if (share.member == 1) mine.other = pthread_self();
        for (++mine.there; mine.there < share.parts;) sched_yield();
    };
    REQUIRE(pool.run(2, {.part = meet, .context = &meeting}) == 2);

    struct sigaction action {
    }, before{};
    action.sa_handler = hold;
    sigaction(SIGUSR1, &action, &before);
    REQUIRE(pthread_kill(meeting.other, SIGUSR1) == 0);
    while (!is_held) sched_yield();
    struct Work {
        std::array<std::atomic<int>, 50> parts{};
        std::atomic<int> of_others{0};
    } work;
    const Supersteps staged{.part =
                                [](void* context, const Share& share) {
                                    auto& mine = *static_cast<Work*>(context);
                                    mine.parts[static_cast<std::size_t>(share.superstep)]++;
                                    if (share.member != 0) mine.of_others++;
                                },
                            .context = &work,
                            .count = 50};
    CHECK(pool.run(2, staged) == 2);  // returns, that is
    for (const auto& parts : work.parts) CHECK(parts == 2);
    CHECK(work.of_others == 0);
    may_go = true;
    sigaction(SIGUSR1, &before, nullptr);
    meeting.there = 0;
    CHECK(pool.run(2, {.part = meet, .context = &meeting}) == 2);
}

TEST_CASE("a caller that finds the pool busy does its work alone") {
    struct Outer {
        SpmdThreadPool pool{2};
        Seen inner{};
    } outer;
    outer.pool.run(2, {.part =
                           [](void* context, const Share& share) {
                               auto& mine = *static_cast<Outer*>(context);
                               if (share.part == 0) mine.pool.run(2, note(mine.inner));
                           },
                       .context = &outer});
    CHECK(outer.inner.parts == 1);
    CHECK(outer.inner.calls[0] == 1);
}

TEST_CASE("callers from many threads share one pool") {
    SpmdThreadPool pool(2);
    Seen seen;
    std::vector<std::thread> callers;
    for (int i = 0; i < 8; ++i)
        callers.emplace_back([&] {
            for (int run = 0; run < 200; ++run) pool.run(2, note(seen));
        });
    for (auto& caller : callers) caller.join();
    CHECK(seen.calls[0] == 8 * 200);
    CHECK(seen.calls[1] <= 8 * 200);
}

TEST_CASE("A23: if the system refuses threads, a pool goes on with those it has") {
    Seen seen;
    bool refused = false;
    std::thread([&] {
        SpmdThreadPool pool(8);
        pool.run(3, note(seen));
        refused = refuse_threads();
        if (!refused) return;
        for (int run = 0; run < 3; ++run) pool.run(5, note(seen));
        CHECK(pool.size() == 3);
    }).join();
    if (!refused) WARN("skipped: threads cannot be refused here");
    CHECK(seen.calls[0] == (refused ? 4 : 1));
    CHECK(seen.calls[3] == 0);
}

TEST_CASE("a forked child, which has no pool, runs alone") {
    Seen seen;
    SpmdThreadPool::of_process().run(2, note(seen));
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        Seen alone;
        SpmdThreadPool::of_process().run(2, note(alone));
        _exit(alone.parts == 1 ? 0 : 1);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("an idle pool uses no processor") {
    SpmdThreadPool pool(3);
    Seen seen;
    pool.run(3, note(seen));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // two hundred times what a member may spin
    const double before = processor_seconds();
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    CHECK(processor_seconds() - before < 0.02);
    pool.run(3, note(seen));
    CHECK(seen.calls[0] == 2);
}

TEST_CASE("nobody spins for longer than 100 us after the last run") {
    SpmdThreadPool pool(3);
    Seen seen;
    std::array<double, 9> used{};
    for (double& seconds : used) {
        pool.run(3, note(seen));
        CHECK(seen.parts == 3);
        const double before = processor_seconds();
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        seconds = processor_seconds() - before;
    }
    std::ranges::sort(used);
    CHECK(used[4] < 2 * 100e-6 + 200e-6);  // what two members may spin, and to fall asleep
}

TEST_CASE("a member that slept wakes up on another processor than its caller's") {
    ::cpu_set_t all, one;
    REQUIRE(::sched_getaffinity(0, sizeof all, &all) == 0);
    if (CPU_COUNT(&all) < 2) {
        SUCCEED("there is only one processor");
        return;
    }
    struct Affinity {
        std::atomic<bool> seen{false}, has_callers{false};
        std::size_t callers = 0;
    } affinity;
    SpmdThreadPool pool(2);
    const Supersteps work{.part =
                              [](void* context, const Share& share) {
                                  if (share.member == 0) return;
                                  auto& found = *static_cast<Affinity*>(context);
                                  ::cpu_set_t own;
                                  if (::sched_getaffinity(0, sizeof own, &own) != 0) return;
                                  found.has_callers = CPU_ISSET(found.callers, &own);
                                  found.seen = true;
                              },
                          .context = &affinity,
                          .count = 1000};
    for (std::size_t processor = 0; processor < CPU_SETSIZE && affinity.callers < 4; ++processor) {
        if (!CPU_ISSET(processor, &all)) continue;
        CPU_ZERO(&one);
        CPU_SET(processor, &one);
        pool.run(2, work);  // whose thread has all processors
        REQUIRE(::sched_setaffinity(0, sizeof one, &one) == 0);
        affinity.callers = processor, affinity.seen = false, affinity.has_callers = true;
        // where others keep it from its processor, the member may not have got round to sleeping
        for (int runs = 0; runs < 1000 && (!affinity.seen || affinity.has_callers); ++runs) {
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
            affinity.seen = false;
            pool.run(2, work);
        }
        CHECK(affinity.seen);
        CHECK_FALSE(affinity.has_callers);
        REQUIRE(::sched_setaffinity(0, sizeof all, &all) == 0);
    }
}

TEST_CASE("a thread's runs are shared out on the pool that it uses, else on the process's") {
    SpmdThreadPool pool(2), inner(3);
    CHECK(&SpmdThreadPool::of_caller() == &SpmdThreadPool::of_process());
    {
        const SpmdThreadPool::Use use(pool);
        CHECK(&SpmdThreadPool::of_caller() == &pool);
        {
            const SpmdThreadPool::Use nested(inner);
            CHECK(&SpmdThreadPool::of_caller() == &inner);
        }
        CHECK(&SpmdThreadPool::of_caller() == &pool);
        const SpmdThreadPool* of_another = nullptr;
        std::thread([&] { of_another = &SpmdThreadPool::of_caller(); }).join();
        CHECK(of_another == &SpmdThreadPool::of_process());
    }
    CHECK(&SpmdThreadPool::of_caller() == &SpmdThreadPool::of_process());
}
