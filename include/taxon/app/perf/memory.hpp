#pragma once
#include <sys/resource.h>

#include <cstdint>
#include <string>

#include <fmt/core.h>

namespace taxon::app {

/// The most memory that this process has had resident so far, in bytes: what the kernel counts as ru_maxrss.
inline std::int64_t peak_memory_bytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
}

/// Bytes for people: "812 B", "94.2 KiB", "9.7 MiB".
inline std::string readable_bytes(std::int64_t bytes) {
    if (bytes < 1024) return fmt::format("{} B", bytes);
    const char* units[] = {"KiB", "MiB", "GiB", "TiB"};
    double size = static_cast<double>(bytes) / 1024;
    int unit = 0;
    for (; size >= 1024 && unit < 3; ++unit) size /= 1024;
    return fmt::format("{:.1f} {}", size, units[unit]);
}

}  // namespace taxon::app
