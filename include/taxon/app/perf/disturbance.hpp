#pragma once
#include <cmath>
#include <cstdint>
#include <string>
#include <taxon/app/perf/machine_counters.hpp>
#include <vector>

#include <fmt/core.h>

namespace taxon::app {

/// A kind of disturbance that matters: how much of it there was, and a sentence.
struct DisturbanceNote {
    enum class Kind { others, stolen, switches, throttled, frequency } kind;
    double amount;
    std::string sentence;
};

/// What disturbed a measurement: the figures, and a note on each that matters.
struct Disturbance {
    std::optional<double> others;  ///< processors that other processes kept busy, on average
    std::optional<double> stolen;  ///< processors that the hypervisor gave to other guests
    double switches_per_second = 0;
    std::optional<std::int64_t> throttled;
    std::optional<double> frequency_change;  ///< relative, from the start to the end
    std::vector<DisturbanceNote> notes{};
};

/// `wall`: seconds between both. The bounds are those above which a quiet machine hardly ever comes: a tenth of a
/// processor for others, 1 % of one stolen, 20 involuntary switches a second, 5 % of the frequency.
inline Disturbance disturbance(const MachineCounters& before, const MachineCounters& after, double wall) {
    Disturbance d;
    using enum DisturbanceNote::Kind;
    const auto say = [&](DisturbanceNote::Kind kind, double amount, std::string sentence) {
        d.notes.push_back({kind, amount, std::move(sentence)});
    };
    if (!(wall > 0)) return d;
    const double own = after.own - before.own;
    if (before.busy && after.busy) {
        d.others = std::max(0., (*after.busy - *before.busy - own) / wall);
        // /proc/stat counts in ticks of 10 ms, a few of which are noise in a short measurement
        if (*d.others > .1 + .05 / wall)
            say(others, *d.others,
                fmt::format("other processes kept {:.2f} processors busy; stop them and measure again", *d.others));
    }
    if (before.stolen && after.stolen) {
        d.stolen = (*after.stolen - *before.stolen) / wall;
        if (*d.stolen > .01 + .02 / wall)
            say(stolen, *d.stolen,
                fmt::format("the hypervisor gave {:.2f} of our processors to other guests (steal time)", *d.stolen));
    }
    const auto lost = after.involuntary_switches - before.involuntary_switches;
    d.switches_per_second = static_cast<double>(lost) / wall;
    if (d.switches_per_second > 20 && lost > 20)
        say(switches, d.switches_per_second,
            fmt::format("this process lost its processor {} times ({:.0f} a second) to others or to its own threads",
                        lost, d.switches_per_second));
    if (before.throttled && after.throttled) {
        d.throttled = *after.throttled - *before.throttled;
        if (*d.throttled > 0)
            say(throttled, static_cast<double>(*d.throttled),
                fmt::format("the cgroup's CPU quota stopped this process in {} periods; use fewer threads or raise the "
                            "quota",
                            *d.throttled));
    }
    if (before.frequency && after.frequency && *before.frequency > 0) {
        d.frequency_change = *after.frequency / *before.frequency - 1;
        if (*d.frequency_change > .05 || *d.frequency_change < -.05)
            say(frequency, std::abs(*d.frequency_change),
                fmt::format("the processors' frequency went from {:.2f} to {:.2f} GHz; warm up longer, or fix it",
                            *before.frequency, *after.frequency));
    }
    return d;
}

}  // namespace taxon::app
