#pragma once
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <system_error>
#include <taxon/system/threads.hpp>

namespace taxon::cpu {

TAXON_DECL std::optional<int> processors_of_quota(const std::string& quota, double period) {
    if (quota.empty() || quota == "max" || quota.front() == '-' || !(period > 0)) return std::nullopt;
    char* end = nullptr;
    const double time = std::strtod(quota.c_str(), &end);
    if (end == quota.c_str() || !(time > 0)) return std::nullopt;
    return static_cast<int>(std::clamp(time / period, 1.0, 4096.0));
}

TAXON_DECL std::optional<int> cgroup_processors(std::filesystem::path group, const std::filesystem::path& root) {
    std::optional<int> least;
    for (;; group = group.parent_path()) {
        std::string quota;
        double period = 0;
        if (!(std::ifstream(group / "cpu.max") >> quota >> period)) {
            quota.clear();
            std::ifstream(group / "cpu.cfs_quota_us") >> quota;
            std::ifstream(group / "cpu.cfs_period_us") >> period;
        }
        if (const auto here = processors_of_quota(quota, period)) least = std::min(*here, least.value_or(*here));
        if (group == root || !group.has_relative_path()) return least;
    }
}

TAXON_DECL std::vector<Cgroup> cgroups_of_process() {
    std::vector<Cgroup> found;
    std::ifstream groups("/proc/self/cgroup");  // lines "0::/path" or "4:cpu,cpuacct:/path"
    for (std::string line; std::getline(groups, line);) {
        const auto first = line.find(':'), second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos) continue;
        const auto controllers = line.substr(first + 1, second - first - 1);
        const bool unified = controllers.empty();
        if (!unified && controllers.find("cpu") == std::string::npos) continue;
        const auto root =
            unified ? std::filesystem::path("/sys/fs/cgroup") : std::filesystem::path("/sys/fs/cgroup/cpu");
        auto group = root / std::filesystem::path(line.substr(second + 1)).relative_path();
        std::error_code ignored;
        // inside a container the path is often the host's
        if (!std::filesystem::exists(group, ignored)) group = root;
        group = group.lexically_normal();
        // "cpu", "cpuacct" and "cpuset" may be lines of their own, and one group
        if (std::none_of(found.begin(), found.end(), [&](const Cgroup& other) { return other.group == group; }))
            found.push_back({group, root});
    }
    return found;
}

TAXON_DECL int usable_processors() {
    int least = system::allowed_processors();
    for (const auto& [group, root] : cgroups_of_process())
        if (const auto allowed = cgroup_processors(group, root)) least = std::min(least, *allowed);
    return least;
}

}  // namespace taxon::cpu
