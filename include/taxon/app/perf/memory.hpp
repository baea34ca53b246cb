#pragma once
#include <sys/resource.h>

#include <cstdint>
#include <fstream>

namespace taxon::app {

/// The process's peak resident memory so far, in bytes: the kernel's ru_maxrss.
inline std::int64_t peak_memory_bytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
}

/// Lets the peak start again from the memory that is resident now. False where the system does not allow it.
inline bool reset_peak_memory() {
    std::ofstream file("/proc/self/clear_refs");
    return static_cast<bool>(file << "5" << std::flush);
}

}  // namespace taxon::app
