#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <taxon/app/perf/disturbance.hpp>
#include <taxon/app/perf/statistics.hpp>
#include <vector>

namespace taxon::app {

/// The arrivals of a measurement, and what came of them.
struct RateMeasurement {
    double rate = 0;       ///< runs a second, as asked
    std::string arrivals;  ///< "fixed", or "poisson, seed 0"
    Latency waiting, service;
    double utilisation =
        0;  ///< the time that the network takes for a second's arrivals, by stream; below 1: they are served
    bool unserved = false;  ///< some were given up

    bool beyond_capacity() const { return unserved || utilisation >= 1; }
};

/// A measurement of one network in one setting. Times are in milliseconds, per run of the whole batch.
struct Measurement {
    std::string name;  ///< FAMILY_VARIANT/PRECISION/batch:B/threads:T
    std::string network, precision, backend;
    std::string description;                   ///< of the network and how it ran, for people
    int batch = 1, sequence = 0, threads = 1;  ///< sequence: tokens of a text, 0 for pictures; threads: of a stream
    int streams = 1;
    std::string threads_from;  ///< the origin of the number of threads
    std::string isa;
    std::vector<std::string> remarks{};  ///< about the weights
    Latency latency;                     ///< from the intended start to the end
    std::vector<double> times{};         ///< of every run, in the order of their starts
    std::optional<RateMeasurement> rate{};
    std::optional<double> within{};  ///< the fraction of the median that was asked for
    bool converged = false;
    double cpu_ms = 0;               ///< CPU time of a run, all threads together
    double processors = 0;           ///< CPU time per wall-clock time
    double samples_per_second = 0;   ///< by wall clock, over the whole measurement
    double load_ms = 0;              ///< opening, binding and packing the weights
    double first_ms = 0;             ///< the first run, memory allocation included
    std::optional<double> joules{};  ///< of a sample; all that the processor packages used
    Disturbance disturbance{};
    std::int64_t parameters = 0, flops = 0, weights_bytes = 0, arena_bytes = 0, peak_bytes = 0;
};

/// At most `most` of the times, evenly spread over them, in order.
inline std::vector<double> thinned(const std::vector<double>& times, std::size_t most) {
    if (times.size() <= most) return times;
    std::vector<double> some(most);
    for (std::size_t i = 0; i < most; ++i) some[i] = times[i * times.size() / most];
    return some;
}

}  // namespace taxon::app
