#pragma once
#include <taxon/app/perf/clock.hpp>

/// A clock that a test moves.
struct ManualClock final : taxon::app::Clock {
    taxon::app::Nanoseconds time{};
    taxon::app::Nanoseconds now() override { return time; }
    void wait_until(taxon::app::Nanoseconds moment) override { time = std::max(time, moment); }
};
