#pragma once
#include <sys/resource.h>

#include <cstdint>

namespace taxon::app {

/// The most memory that this process has had resident so far, in bytes: what the kernel counts as ru_maxrss.
inline std::int64_t peak_memory_bytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace taxon::app
