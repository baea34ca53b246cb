#include <taxon/app/perf/streams.hpp>

#include "app/perf/manual_clock.hpp"
#include "catch.hpp"

#include <atomic>
#include <stdexcept>

using namespace taxon::app;
using namespace std::chrono_literals;

TEST_CASE("mean waiting is that of an M/D/1 queue") {
    // Pollaczek and Khinchin: with Poisson arrivals and a constant service s, rho s / (2 (1 - rho)).
    constexpr double rho = .8, service = .001, wanted = rho * service / (2 * (1 - rho));
    for (const std::uint64_t seed : {0u, 1u, 2u}) {
        ManualClock clock;
        Course course(Extent{50'000, 0s, {}}, Arrivals::poisson(rho / service, seed));
        const Workload workload = [&] { clock.time += 1ms; };
        const auto wall = run_streams({&workload, 1}, course, clock);
        REQUIRE(course.runs().size() == 50'000);
        double waiting = 0;
        for (const Run& run : course.runs()) waiting += seconds(run.waiting());
        INFO("seed " << seed);
        CHECK(std::abs(waiting / 50'000 / wanted - 1) < .1);
        CHECK(std::abs(50 / seconds(wall) / rho - 1) < .03);  // utilisation
    }
}

TEST_CASE("a pause of the service is in the latency of all that arrive in it") {
    const auto slowest = [](std::optional<Arrivals> arrivals) {
        ManualClock clock;
        Course course(Extent{1000, 0s, {}}, std::move(arrivals));
        int run = 0;
        const Workload workload = [&] { clock.time += run++ == 500 ? Nanoseconds(100ms) : Nanoseconds(1ms); };
        run_streams({&workload, 1}, course, clock);
        return std::count_if(course.runs().begin(), course.runs().end(),
                             [](const Run& one) { return one.latency() > 20ms; });
    };
    CHECK(slowest(std::nullopt) == 1);
    // 100 a second: the one that is stopped, and those that arrive in its first 80 ms, each of which waits 1 ms more
    CHECK(slowest(Arrivals::fixed(100)) == 9);
}

TEST_CASE("streams share the runs, and each workload runs on one thread at a time") {
    std::array<std::atomic<int>, 3> inside{};
    std::atomic<int> runs{0}, overlaps{0};
    std::vector<Workload> workloads;
    for (auto& mine : inside)
        workloads.emplace_back([&] {
            overlaps += mine++ == 0 ? 0 : 1;
            ++runs;
            --mine;
        });
    SteadyClock clock;
    Course course(Extent{3000, 0s, {}});
    run_streams(workloads, course, clock);
    CHECK(runs == 3000);
    CHECK(overlaps == 0);
    CHECK(course.runs().size() == 3000);
}

TEST_CASE("a workload's exception ends all streams") {
    SteadyClock clock;
    Course course(Extent{{}, 24h, {}});
    const std::vector<Workload> workloads{[] { std::this_thread::yield(); }, [] { throw std::runtime_error("lost"); }};
    CHECK_THROWS_AS(run_streams(workloads, course, clock), std::runtime_error);
}

TEST_CASE("streams stop between runs and while they wait for an arrival") {
    static int runs = 0;
    const auto stopped = [] { return runs >= 3; };
    const Workload workload = [] { ++runs; };
    ManualClock clock;
    Course closed(Extent{{}, 24h, {}});
    run_streams({&workload, 1}, closed, clock, stopped);
    CHECK(closed.runs().size() == 3);
    Course open(Extent{{}, 24h, {}}, Arrivals::fixed(.001));
    run_streams({&workload, 1}, open, clock, stopped);
    CHECK(open.runs().empty());
}
