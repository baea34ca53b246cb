#pragma once
#include <sys/resource.h>

#include <cstdint>

namespace taxon::app {

/// The process's peak resident memory so far, in bytes: the kernel's ru_maxrss.
inline std::int64_t peak_memory_bytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace taxon::app
