#pragma once
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <taxon/backend/cpu/processors.hpp>
#include <vector>

namespace taxon::app {

/// What the system counts of the machine and of this process, as far as it can be read: two of them, before and after a
/// measurement, tell what disturbed it.
struct MachineCounters {
    std::optional<double> busy, stolen;  ///< seconds of all processors: of any process, and taken by other guests
    double own = 0;                      ///< seconds of this process, all threads
    long involuntary_switches = 0;       ///< of this process
    std::optional<long> throttled;       ///< periods in which the cgroup's quota was used up
    std::optional<double> frequency;     ///< GHz, the mean of all processors, now
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
        const double tick = 1 / static_cast<double>(sysconf(_SC_CLK_TCK));
        counters.busy = (user + nice + system + irq + softirq) * tick;
        counters.stolen = steal * tick;
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds_of = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    counters.own = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
    counters.involuntary_switches = usage.ru_nivcsw;
    for (const auto& cgroup : groups) {
        std::ifstream file(cgroup.group / "cpu.stat");
        for (long value = 0; file >> word >> value;)
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
