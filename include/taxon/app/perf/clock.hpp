#pragma once
#include <algorithm>
#include <chrono>
#include <taxon/backend/cpu/spmd_thread_pool.hpp>
#include <taxon/system/threads.hpp>
#include <thread>

namespace taxon::app {

using Nanoseconds = std::chrono::nanoseconds;

inline double milliseconds(Nanoseconds time) { return static_cast<double>(time.count()) / 1e6; }
inline double seconds(Nanoseconds time) { return static_cast<double>(time.count()) / 1e9; }
inline Nanoseconds nanoseconds(double seconds) { return Nanoseconds(static_cast<Nanoseconds::rep>(seconds * 1e9)); }

/// The time that a measurement sees: a parameter, so that tests can inject their own.
class Clock {
  public:
    virtual ~Clock() = default;
    virtual Nanoseconds now() = 0;  ///< since the clock's origin
    virtual void wait_until(Nanoseconds moment) = 0;
};

/// The system's monotonic clock, from its construction on. For any number of threads.
class SteadyClock final : public Clock {
  public:
    Nanoseconds now() override { return std::chrono::steady_clock::now() - origin_; }

    /// Sleeps until shortly before the moment and spins for the rest, since threads wake up late.
    void wait_until(Nanoseconds moment) override {
        const std::chrono::microseconds spinning = system::lateness_of_sleep();
        if (moment - now() > spinning) std::this_thread::sleep_until(origin_ + moment - spinning);
        while (now() < moment) cpu::pause();
    }

  private:
    std::chrono::steady_clock::time_point origin_ = std::chrono::steady_clock::now();
};

}  // namespace taxon::app
