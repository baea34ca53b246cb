#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <taxon/core/separate_compilation.hpp>
#include <vector>

namespace taxon::system {

/// The number of this process.
std::uint64_t process_id();

/// The file of the running program; empty where the system does not say it.
std::filesystem::path program_path();

/// The arguments of main as UTF-8, which they are but under Windows. `given`: what main got.
std::vector<std::string> arguments(int count, const char* const* given);

/// This machine's name; empty if it has none.
std::string host_name();

/// What this process has used so far, all threads together.
struct ProcessUse {
    double seconds = 0;                     ///< of processors
    std::int64_t peak_bytes = 0;            ///< the most memory that was resident
    std::int64_t involuntary_switches = 0;  ///< by which it lost a processor; 0 where the system does not count them
};
ProcessUse process_use();

/// Lets the peak start again from the memory that is resident now. False where the system does not allow it.
bool reset_peak_memory();

/// Makes writes beyond the limit of a file's size (`ulimit -f`) fail, where they would end the process.
void ignore_file_size_signal();

}  // namespace taxon::system

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/system/impl/process.ipp>
#endif
