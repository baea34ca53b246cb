#pragma once
#include <map>
#include <taxon/quantize/method.hpp>

namespace taxon::quantize {

/// Histograms of a network's stored values over samples, 32 KB each at most, keyed by the number of the node that
/// produces the value.
///
/// Samples may be distributed over any number of calibrations and merged in any order: the ranges are bitwise the same,
/// because histograms hold exact counts in bins whose edges do not depend on the order of observation.
class Calibration {
  public:
    /// Counts elements of a value. Throws Fault::value if one is not finite, and then counts none of them.
    void observe(int value, std::span<const float> numbers) {
        if (value < 0)
            throw Error(Fault::usage, {.place = "value " + std::to_string(value), .wanted = "the number of a node"});
        if (numbers.empty()) return;
        Histogram& histogram = histograms_[value];
        try {
            histogram.observe(numbers);
        } catch (const Error& error) {
            if (histogram.empty()) histograms_.erase(value);
            Error::Facts facts = error.facts();
            facts.place = "value " + std::to_string(value) + ", " + facts.place;
            throw Error(error.fault(), facts);
        }
    }

    void merge(const Calibration& other) {
        for (const auto& [value, histogram] : other.histograms_) histograms_[value].merge(histogram);
    }

    bool empty() const { return histograms_.empty(); }
    const std::map<int, Histogram>& histograms() const { return histograms_; }

    /// The range of every observed value. Throws Fault::missing if there are none, Fault::usage unless 50 < percentile
    /// <= 100.
    std::map<int, Range> ranges(Method method, Grid grid, double percentile = usual_percentile) const {
        if (empty())
            throw Error(Fault::missing, {.place = "calibration",
                                         .found = "no values",
                                         .remedy = "run the network on at least one sample first"});
        std::map<int, Range> ranges;
        for (const auto& [value, histogram] : histograms_)
            ranges[value] = choose_range(histogram, method, grid, percentile);
        return ranges;
    }

    bool operator==(const Calibration&) const = default;

  private:
    std::map<int, Histogram> histograms_{};
};

}  // namespace taxon::quantize
