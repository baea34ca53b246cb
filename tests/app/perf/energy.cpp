#include <taxon/app/perf/energy.hpp>

#include "app/program.hpp"
#include "catch.hpp"

using namespace taxon::app;

TEST_CASE("energy is the packages' counters, which may wrap around, and absent where there are none") {
    const TestFolder folder;
    const auto set = [&](const std::string& name, const std::string& value) {
        write_text(folder / (name + "/energy_uj"), value);
        write_text(folder / (name + "/max_energy_range_uj"), "10000000");
    };
    CHECK_FALSE(EnergyCounters(folder / "nothing").joules());
    set("intel-rapl", "1");
    set("intel-rapl:0", "9000000");
    set("intel-rapl:0:0", "500");  // a part of package 0
    set("intel-rapl:1", "100");
    const EnergyCounters counters(folder.path());
    set("intel-rapl:0", "2000000");
    set("intel-rapl:0:0", "70000000");
    set("intel-rapl:1", "500100");
    REQUIRE(counters.joules());
    CHECK(*counters.joules() == 3.5);
    std::filesystem::remove(folder / "intel-rapl:1/energy_uj");
    CHECK_FALSE(counters.joules());
}
