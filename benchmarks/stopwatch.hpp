#pragma once
#include <algorithm>
#include <chrono>
#include <limits>

namespace taxon::benchmarks {

/// The minimum of several times: others may use the machine, and only ever make it slower.
class Stopwatch {
  public:
    /// Runs `work`, which performs `times` repetitions. Returns the seconds of all of them.
    template <class Work>
    double time(Work&& work, int times = 1) {
        const auto start = std::chrono::steady_clock::now();
        work();
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        least_ = std::min(least_, seconds / times);
        return seconds;
    }

    /// Seconds of one repetition.
    double least() const { return least_; }

  private:
    double least_ = std::numeric_limits<double>::max();
};

}  // namespace taxon::benchmarks
