#pragma once
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <taxon/backend/cpu/processors.hpp>
#include <taxon/system/process.hpp>
#include <vector>

namespace taxon::app {

/// What the system counts of the machine and of this process, as far as it can be read: two of them, before and after a
/// measurement, tell what disturbed it.
struct MachineCounters {
    std::optional<double> busy, stolen;     ///< seconds of all processors: of any process, and taken by other guests
    double own = 0;                         ///< seconds of this process, all threads
    std::int64_t involuntary_switches = 0;  ///< of this process
    std::optional<std::int64_t> throttled;  ///< periods in which the cgroup's quota was used up
    std::optional<double> frequency;        ///< GHz, the mean of all processors, now
};

/// `proc`, `processors`: the system's /proc and /sys/devices/system/cpu; `groups`: the cgroups whose quota applies.
inline MachineCounters machine_counters(const std::filesystem::path& proc = "/proc",
                                        const std::filesystem::path& processors = "/sys/devices/system/cpu",
                                        const std::vector<cpu::Cgroup>& groups = cpu::cgroups_of_process()) {
    MachineCounters counters;
    std::string word;
    // user nice system idle iowait irq softirq steal: user and nice include guests of this machine
    if (double user, nice, system, idle, waiting, irq, softirq, steal;
        std::ifstream(proc / "stat") >> word >> user >> nice >> system >> idle >> waiting >> irq >> softirq >> steal) {
        constexpr double tick = .01;  // USER_HZ of every processor here
        counters.busy = (user + nice + system + irq + softirq) * tick;
        counters.stolen = steal * tick;
    }
    const system::ProcessUse use = system::process_use();
    counters.own = use.seconds;
    counters.involuntary_switches = use.involuntary_switches;
    for (const auto& cgroup : groups) {
        std::ifstream file(cgroup.group / "cpu.stat");
        for (std::int64_t value = 0; file >> word >> value;)
            if (word == "nr_throttled") counters.throttled = counters.throttled.value_or(0) + value;
    }
    double sum = 0;
    int count = 0;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(processors, ignored))
        if (double kilohertz = 0; std::ifstream(entry.path() / "cpufreq" / "scaling_cur_freq") >> kilohertz)
            sum += kilohertz, ++count;
    if (count > 0) counters.frequency = sum / count * 1e-6;
    return counters;
}

}  // namespace taxon::app
