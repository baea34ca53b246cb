#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <taxon/core/separate_compilation.hpp>
#include <vector>

namespace taxon::cpu {

/// The processors that a cgroup (version 2: "QUOTA PERIOD" or "max PERIOD") allows, whole and at least one; nothing if
/// it is unlimited.
TAXON_DECL std::optional<int> processors_of_quota(const std::string& quota, double period);

/// The tightest quota on the path from the cgroup at `group` up to `root`. cgroup 2: cpu.max; cgroup 1:
/// cpu.cfs_quota_us.
TAXON_DECL std::optional<int> cgroup_processors(std::filesystem::path group, const std::filesystem::path& root);

/// A cgroup, and where its hierarchy is mounted.
struct Cgroup {
    std::filesystem::path group, root;
};

/// The cgroups whose quota holds for this process: of version 2, and of version 1's cpu controller.
TAXON_DECL std::vector<Cgroup> cgroups_of_process();

/// The number of threads that this process can keep busy: its affinity, limited by its cgroup's quota.
TAXON_DECL int usable_processors();

}  // namespace taxon::cpu

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/backend/cpu/impl/processors.ipp>
#endif
