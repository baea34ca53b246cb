#include <taxon/app/perf/machine_counters.hpp>

#include "app/program.hpp"
#include "catch.hpp"

#include <cmath>

using namespace taxon::app;

TEST_CASE("the machine's counters are read from the system's files") {
    const TestFolder folder;
    const auto read = [&] {
        return machine_counters(folder / "proc", folder / "cpu", {{folder / "group", folder.path()}});
    };
    const auto nothing = read();
    CHECK_FALSE(nothing.busy);
    CHECK_FALSE(nothing.stolen);
    CHECK_FALSE(nothing.throttled);
    CHECK_FALSE(nothing.frequency);
    CHECK(nothing.own > 0);

    write_text(folder / "proc/stat", "cpu  100 20 30 4000 50 6 7 80 900 0\ncpu0 1 2 3 4 5 6 7 8 9 0\n");
    write_text(folder / "group/cpu.stat", "usage_usec 500\nnr_periods 10\nnr_throttled 3\nthrottled_usec 77\n");
    write_text(folder / "cpu/cpu0/cpufreq/scaling_cur_freq", "2000000\n");
    write_text(folder / "cpu/cpu1/cpufreq/scaling_cur_freq", "3000000\n");
    write_text(folder / "cpu/online", "0-1\n");
    const auto counters = read();
    const double tick = 1 / static_cast<double>(sysconf(_SC_CLK_TCK));
    REQUIRE(counters.busy);
    CHECK(std::abs(*counters.busy - 163 * tick) < 1e-9);
    CHECK(std::abs(*counters.stolen - 80 * tick) < 1e-9);
    CHECK(counters.throttled == 3);
    CHECK(counters.frequency == 2.5);
}

TEST_CASE("this machine's counters can be read") {
    const auto counters = machine_counters();
    CHECK(counters.own > 0);
    CHECK(counters.involuntary_switches >= 0);
}
