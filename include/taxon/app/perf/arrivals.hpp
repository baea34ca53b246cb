#pragma once
#include <cmath>
#include <cstdint>
#include <random>
#include <taxon/app/perf/clock.hpp>

namespace taxon::app {

/// The moments at which requests arrive, whether or not earlier ones are done: at equal distances, or as a Poisson
/// process, whose gaps are exponential.
class Arrivals {
  public:
    /// `rate`: arrivals per second, on average. `seed`: of a Poisson process; equal seeds give equal arrivals.
    static Arrivals fixed(double rate) { return Arrivals(rate, {}, false); }
    static Arrivals poisson(double rate, std::uint64_t seed) { return Arrivals(rate, seed, true); }

    /// Ascending, in nanoseconds from the start. The first request of a fixed rate arrives at 0.
    Nanoseconds next() {
        if (!random_) return nanoseconds(static_cast<double>(count_++) / rate_);
        // 53 random bits, so that 1 - u is in (0, 1]; the standard's distributions differ between libraries
        const double u = static_cast<double>(generator_() >> 11) * 0x1p-53;
        at_ -= std::log1p(-u) / rate_;
        return nanoseconds(at_);
    }

  private:
    Arrivals(double rate, std::uint64_t seed, bool random) : rate_(rate), random_(random), generator_(seed) {}

    double rate_, at_ = 0;
    bool random_;
    std::uint64_t count_ = 0;
    std::mt19937_64 generator_;
};

}  // namespace taxon::app
