#pragma once
#if defined(_WIN32)
#include <bit>
#include <taxon/system/impl/kernel32.ipp>
#else
#include <pthread.h>
#if defined(__linux__)
#include <cstring>
#include <sched.h>
#include <sys/prctl.h>
#endif
#endif

namespace taxon::system {

#if defined(_WIN32)

TAXON_DECL int allowed_processors() {
    unsigned long long own = 0, all = 0;
    constexpr unsigned short all_groups = 0xffff;
    if (kernel32::affinity(kernel32::current_process(), &own, &all) != 0 && own != 0) return std::popcount(own);
    const auto count = static_cast<int>(kernel32::processor_count(all_groups));  // in several groups of 64
    return count < 1 ? 1 : count;
}

TAXON_DECL void tell_forked_children(void (*)()) {}

/// Sleeps end at ticks of 15.6 ms.
TAXON_DECL std::chrono::microseconds lateness_of_sleep() { return std::chrono::microseconds(16000); }

#else

TAXON_DECL int allowed_processors() {
#if defined(__linux__)
    ::cpu_set_t set;
    const int count = ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
#else
    const int count = static_cast<int>(std::thread::hardware_concurrency());
#endif
    return count < 1 ? 1 : count;
}

TAXON_DECL void tell_forked_children(void (*see)()) { static_cast<void>(::pthread_atfork(nullptr, nullptr, see)); }

TAXON_DECL std::chrono::microseconds lateness_of_sleep() {
#if defined(__linux__)
    static thread_local const int exact = ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);  // instead of 50 us
    static_cast<void>(exact);
#endif
    return std::chrono::microseconds(60);  // 5 to 60
}

#endif

#if defined(__linux__)

TAXON_DECL int current_processor() { return ::sched_getcpu(); }

TAXON_DECL void KeptOff::keep_off(std::thread& thread, int processor) {
    if (processor == processor_ || processor < 0 || processor >= static_cast<int>(most_processors)) return;
    ::cpu_set_t set;
    static_assert(sizeof set == sizeof allowed_);
    if (::pthread_getaffinity_np(thread.native_handle(), sizeof set, &set) != 0) return;
    const bool is_ours = processor_ >= 0 && std::memcmp(&set, left_.data(), sizeof set) == 0;
    if (!is_ours) std::memcpy(allowed_.data(), &set, sizeof set);  // the first time, or somebody else has changed it
    std::memcpy(&set, allowed_.data(), sizeof set);
    CPU_CLR(static_cast<std::size_t>(processor), &set);
    if (CPU_COUNT(&set) == 0 || ::pthread_setaffinity_np(thread.native_handle(), sizeof set, &set) != 0) return;
    std::memcpy(left_.data(), &set, sizeof set);
    processor_ = processor;
}

#else

TAXON_DECL int current_processor() { return -1; }
TAXON_DECL void KeptOff::keep_off(std::thread&, int) {}

#endif

}  // namespace taxon::system
