#pragma once
#include <fstream>
#include <string>
#include <taxon/backend/cpu/roofline.hpp>
#include <taxon/policy/precision.hpp>
#include <vector>

namespace taxon::app {

/// What the threads of a run can do at most on this machine, all together: the two roofs of Williams, Waterman and
/// Patterson, "Roofline: an insightful visual performance model for multicore architectures" (2009).
struct Machine {
    struct Peak {
        Element weights;
        cpu::Isa isa;
        double operations;  ///< per second
    };

    std::string processor{};  ///< the system's name for it; may be empty
    cpu::Isa isa{};
    int threads = 1;
    std::vector<Peak> peaks{};  ///< float32 first
    std::vector<cpu::Bandwidth> bandwidths{};

    const Peak* peak(Element weights) const {
        for (const Peak& one : peaks)
            if (one.weights == weights) return &one;
        return nullptr;
    }
    /// Seconds for that many operations; 0 for a type that was not measured.
    double compute_seconds(double operations, Element weights) const {
        const Peak* const one = peak(weights);
        return one ? operations / one->operations : 0;
    }
    /// Seconds for that many bytes of a working set, at the bandwidth of one as large or larger.
    double memory_seconds(double bytes, double working_set) const {
        for (const cpu::Bandwidth& one : bandwidths)
            if (static_cast<double>(one.working_set) >= working_set) return bytes / one.bytes;
        return bandwidths.empty() ? 0 : bytes / bandwidths.back().bytes;
    }
};

namespace detail {

/// The types of a precision that multiplies with such weights.
inline DataTypes types_of(Element weights) {
    return {weights == Element::int8      ? Element::uint8
            : weights == Element::float16 ? Element::float32
                                          : weights,
            weights, Element::float32};
}

inline std::string processor_name() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("model name"))
            if (const auto at = line.find(": "); at != std::string::npos) return line.substr(at + 2);
    return "";
}

}  // namespace detail

/// Measures this machine for a run's instruction set and number of threads, and for every type of weights with the set
/// that its own networks would use.
inline Machine measured_machine(cpu::Isa isa, int threads, const DataTypes& types) {
    Machine machine{detail::processor_name(), isa, threads, {}, {}};
    for (const Element weights :
         {Element::float32, Element::float16, Element::bfloat16, Element::int16, Element::int8}) {
        const bool own = weights == Element::float32 || weights == types.matrices || weights == types.others;
        const cpu::Isa floats = cpu::suits(isa, detail::types_of(weights)) ? isa : cpu::based_on(isa);
        const cpu::Isa set = own || isa < cpu::best_isa(types) ? floats : cpu::best_isa(detail::types_of(weights));
        machine.peaks.push_back({weights, set, cpu::measure_peak(set, weights, threads)});
    }
    machine.bandwidths = cpu::measure_bandwidths(isa, threads);
    return machine;
}

}  // namespace taxon::app
