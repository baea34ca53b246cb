#include <taxon/app/perf/course.hpp>

#include "catch.hpp"

using namespace taxon::app;
using namespace std::chrono_literals;

namespace {

/// Runs one after the other, each of the time that `service` gives its number. Returns how many.
template <class Service>
std::size_t follow(Course& course, Service service) {
    Nanoseconds now{};
    while (const auto intended = course.next(now)) {
        const Nanoseconds start = std::max(now, *intended);
        now = start + service(course.runs().size());
        course.ended({*intended, start, now});
    }
    return course.runs().size();
}

constexpr auto one_millisecond = [](std::size_t) { return Nanoseconds(1ms); };

}  // namespace

TEST_CASE("a course ends by count, or by time with at least one run") {
    Course count(Extent{7, 0s, {}});
    CHECK(follow(count, one_millisecond) == 7);
    Course time(Extent{{}, 20ms, {}});
    CHECK(follow(time, one_millisecond) == 20);
    Course once(Extent{{}, 0s, {}});
    CHECK(follow(once, one_millisecond) == 1);
    CHECK_FALSE(once.converged());
    Course stopped(Extent{7, 0s, {}});
    stopped.stop();
    CHECK(follow(stopped, one_millisecond) == 0);
}

TEST_CASE("a course ends once the median's confidence interval is narrow, or when its time is over") {
    // Times of 100 to 139 us in turn. The interval spans about 1.96 sqrt(n) of n ranks, so 78 sqrt(n) / n us of a
    // median of 119.5: within 5 % from n = 171 on.
    const auto service = [](std::size_t i) { return Nanoseconds(100us + 1us * (i * 17 % 40)); };
    Course narrow(Extent{{}, 60s, .05});
    const auto n = follow(narrow, service);
    CHECK(narrow.converged());
    CHECK(n >= 171);
    CHECK(n <= 171 * 5 / 4 + 30);
    Course never(Extent{{}, 50ms, .0001});
    follow(never, service);
    CHECK_FALSE(never.converged());
}

TEST_CASE("without arrivals latency is service, with them it counts from the intended start") {
    Course closed(Extent{3, 0s, {}});
    closed.ended({1ms, 2ms, 5ms});
    CHECK(closed.runs()[0].latency() == 3ms);

    Course open(Extent{4, 0s, {}}, Arrivals::fixed(1000));
    follow(open, [](std::size_t i) { return i == 0 ? Nanoseconds(2500us) : Nanoseconds(100us); });
    REQUIRE(open.runs().size() == 4);
    CHECK(open.runs()[0].latency() == 2500us);
    CHECK(open.runs()[1].waiting() == 1500us);
    CHECK(open.runs()[1].latency() == 1600us);
    CHECK(open.runs()[1].service() == 100us);
    CHECK(open.runs()[2].waiting() == 600us);
    CHECK(open.runs()[3].waiting() == 0us);
}

TEST_CASE("every request that arrives in the time is served, and a rate beyond capacity ends") {
    Course within(Extent{{}, 100ms, {}}, Arrivals::fixed(1000));
    CHECK(follow(within, [](std::size_t) { return Nanoseconds(900us); }) == 100);
    CHECK_FALSE(within.unserved());
    Course late(Extent{{}, 100ms, {}}, Arrivals::fixed(1000));
    CHECK(follow(late, [](std::size_t) { return Nanoseconds(2900us); }) == 100);
    CHECK_FALSE(late.unserved());
    Course beyond(Extent{{}, 100ms, {}}, Arrivals::fixed(1000));
    CHECK(follow(beyond, [](std::size_t) { return Nanoseconds(10ms); }) == 30);
    CHECK(beyond.unserved());
}
