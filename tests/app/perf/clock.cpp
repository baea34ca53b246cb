#include <taxon/app/perf/clock.hpp>

#include "catch.hpp"

using namespace taxon::app;
using namespace std::chrono_literals;

TEST_CASE("the steady clock does not return before the moment, and units convert") {
    SteadyClock clock;
    const auto start = clock.now();
    CHECK(start >= 0ns);
    for (const Nanoseconds wait : {Nanoseconds(20us), Nanoseconds(1ms), Nanoseconds(0)}) {
        const auto moment = clock.now() + wait;
        clock.wait_until(moment);
        CHECK(clock.now() >= moment);
    }
    CHECK(milliseconds(1'478'123ns) == 1.478123);
    CHECK(seconds(2500ms) == 2.5);
    CHECK(nanoseconds(.25) == 250ms);
}
