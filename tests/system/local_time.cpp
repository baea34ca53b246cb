#include <taxon/system/local_time.hpp>

#include "catch.hpp"

#include <cstdlib>

using taxon::system::local_time;

TEST_CASE("a moment has the zone's distance from UTC, east and west of it, by the quarter of an hour") {
    const char* const own = std::getenv("TZ");
    const std::string before = own != nullptr ? own : "";
    const auto in_zone = [](const char* zone, std::time_t moment) {
        setenv("TZ", zone, 1);
        tzset();
        return local_time(moment);
    };
    CHECK(in_zone("UTC0", 0) == "1970-01-01T00:00:00+0000");
    CHECK(in_zone("NPT-5:45", 1700000000) == "2023-11-15T03:58:20+0545");
    CHECK(in_zone("NST3:30", 1700000000) == "2023-11-14T18:43:20-0330");
    before.empty() ? unsetenv("TZ") : setenv("TZ", before.c_str(), 1);
    tzset();
}
