#pragma once
#if defined(_WIN32)
#include <bit>
#include <taxon/system/impl/kernel32.ipp>
#else
#include <pthread.h>
#include <thread>
#if defined(__linux__)
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

}  // namespace taxon::system
