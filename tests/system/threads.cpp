#include <taxon/system/threads.hpp>

#include <sched.h>

#include <atomic>
#include <vector>

#include "catch.hpp"

using taxon::system::KeptOff;

namespace {

/// A thread that does nothing until it ends, and its affinity.
struct Idle {
    std::atomic<bool> over{false};
    std::thread thread{[this] { over.wait(false); }};
    Idle() = default;
    Idle(const Idle&) = delete;
    ~Idle() {
        over = true;
        over.notify_one();
        thread.join();
    }

    std::vector<int> processors() {
        ::cpu_set_t set;
        REQUIRE(::pthread_getaffinity_np(thread.native_handle(), sizeof set, &set) == 0);
        std::vector<int> numbers;
        for (int i = 0; i < CPU_SETSIZE; ++i)
            if (CPU_ISSET(static_cast<std::size_t>(i), &set)) numbers.push_back(i);
        return numbers;
    }
    void allow(const std::vector<int>& numbers) {
        ::cpu_set_t set;
        CPU_ZERO(&set);
        for (const int number : numbers) CPU_SET(static_cast<std::size_t>(number), &set);
        REQUIRE(::pthread_setaffinity_np(thread.native_handle(), sizeof set, &set) == 0);
    }
};

std::vector<int> without(std::vector<int> numbers, int number) {
    std::erase(numbers, number);
    return numbers;
}

}  // namespace

TEST_CASE("a thread is kept off one processor at a time") {
    Idle idle;
    KeptOff kept_off;
    const std::vector<int> all = idle.processors();
    for (const int number : {all.front(), all.back(), all.front()}) {
        kept_off.keep_off(idle.thread, number);
        const auto left = without(all, number);
        CHECK(idle.processors() == (left.empty() ? all : left));
    }
    kept_off.keep_off(idle.thread, -1);
    kept_off.keep_off(idle.thread, 1 << 20);
    CHECK(idle.processors() == (all.size() > 1 ? without(all, all.front()) : all));
}

TEST_CASE("a thread that others have bound keeps to that") {
    Idle idle;
    KeptOff kept_off;
    const std::vector<int> all = idle.processors();
    kept_off.keep_off(idle.thread, all.front());
    idle.allow({all.front()});
    kept_off.keep_off(idle.thread, all.back());
    CHECK(idle.processors() == std::vector<int>{all.front()});
    KeptOff another;
    another.keep_off(idle.thread, all.front());  // nothing would be left
    CHECK(idle.processors() == std::vector<int>{all.front()});
    if (all.size() < 3) return;
    idle.allow({all[0], all[1]});
    kept_off.keep_off(idle.thread, all[1]);
    CHECK(idle.processors() == std::vector<int>{all[0]});
}

TEST_CASE("a thread runs on a processor that it is allowed") {
    ::cpu_set_t set;
    REQUIRE(::sched_getaffinity(0, sizeof set, &set) == 0);
    CHECK(CPU_ISSET(static_cast<std::size_t>(taxon::system::current_processor()), &set));
}
