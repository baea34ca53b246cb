#pragma once
#include <chrono>
#include <taxon/core/separate_compilation.hpp>

namespace taxon::system {

/// The number of processors that this process's affinity allows, at least one.
int allowed_processors();

/// Calls `see` in every child that this process forks from now on.
void tell_forked_children(void (*see)());

/// How late a thread wakes up from a sleep, at most as a rule. The first call of a thread asks the system to be exact.
std::chrono::microseconds lateness_of_sleep();

}  // namespace taxon::system

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/system/impl/threads.ipp>
#endif
