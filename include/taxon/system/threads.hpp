#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <taxon/core/separate_compilation.hpp>
#include <thread>

namespace taxon::system {

/// The number of processors that this process's affinity allows, at least one.
int allowed_processors();

/// Calls `see` in every child that this process forks from now on.
void tell_forked_children(void (*see)());

/// How late a thread wakes up from a sleep, at most as a rule. The first call of a thread asks the system to be exact.
std::chrono::microseconds lateness_of_sleep();

/// The number of the processor on which the calling thread runs; −1 where the system does not say.
int current_processor();

/// Keeps a thread off one processor at a time, within the processors that it is allowed otherwise. Where the system has
/// no such thing, it does nothing.
class KeptOff {
  public:
    /// Nothing changes if no processor would be left, or the system refuses.
    void keep_off(std::thread& thread, int processor);

  private:
    static constexpr std::size_t most_processors = 1024;
    using Set = std::array<std::uint64_t, most_processors / 64>;
    int processor_ = -1;
    Set allowed_{}, left_{};  ///< without it, and with
};

}  // namespace taxon::system

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/system/impl/threads.ipp>
#endif
