#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <taxon/core/separate_compilation.hpp>

namespace taxon::cpu {

/// The processors that a cgroup (version 2: "QUOTA PERIOD" or "max PERIOD") allows, whole and at least one; nothing if
/// it is unlimited.
TAXON_DECL std::optional<int> processors_of_quota(const std::string& quota, double period);

/// The tightest quota on the path from the cgroup at `group` up to `root`. cgroup 2: cpu.max; cgroup 1:
/// cpu.cfs_quota_us.
TAXON_DECL std::optional<int> cgroup_processors(std::filesystem::path group, const std::filesystem::path& root);

/// The number of threads that this process can keep busy: its affinity, limited by its cgroup's quota.
TAXON_DECL int usable_processors();

}  // namespace taxon::cpu

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/backend/cpu/impl/processors.ipp>
#endif
