#pragma once
#include <optional>
#include <taxon/app/console/console.hpp>
#include <taxon/backend/cpu/processors.hpp>

#include <fmt/core.h>

namespace taxon::app {

/// Says in one line each, unless it is to be quiet, that more threads were `asked` for than the process may use, and
/// that the system gave fewer than were `wanted`.
inline void tell_threads(std::optional<int> asked, int wanted, int given, Console& console, bool quiet) {
    if (quiet) return;
    if (const int usable = cpu::usable_processors(); asked && *asked > usable)
        console.err << fmt::format("--threads {}: this process may use {}, by affinity and cgroup quota\n", *asked,
                                   usable);
    if (given < wanted) console.err << fmt::format("{} of {} threads: the system grants no more\n", given, wanted);
}

}  // namespace taxon::app
