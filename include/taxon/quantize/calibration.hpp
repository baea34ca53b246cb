#pragma once
#include <map>
#include <taxon/core/shape.hpp>
#include <taxon/quantize/method.hpp>

namespace taxon::quantize {

/// Histograms of a network's stored values over samples, 32 KB each at most, and the ranges of their channels, keyed by
/// the number of the node that produces the value.
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

    /// The same, and the range of each channel. `shape`: of the value, (C, H, W), or as many tokens as there are.
    void observe(int value, std::span<const float> numbers, const Shape& shape) {
        observe(value, numbers);
        std::vector<Range>& ranges = channels_[value];
        const auto channels = static_cast<std::size_t>(shape.channels);
        ranges.resize(channels);
        const bool by_token = shape.sequence || shape.table;
        const std::size_t run = by_token ? 1 : static_cast<std::size_t>(shape.pixels());
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            Range& range = ranges[i / run % channels];
            range.low = std::min(range.low, numbers[i]), range.high = std::max(range.high, numbers[i]);
        }
    }

    void merge(const Calibration& other) {
        for (const auto& [value, histogram] : other.histograms_) histograms_[value].merge(histogram);
        for (const auto& [value, ranges] : other.channels_) {
            std::vector<Range>& to = channels_[value];
            to.resize(ranges.size());
            for (std::size_t c = 0; c < ranges.size(); ++c)
                to[c] = {std::min(to[c].low, ranges[c].low), std::max(to[c].high, ranges[c].high)};
        }
    }

    bool empty() const { return histograms_.empty(); }
    const std::map<int, Histogram>& histograms() const { return histograms_; }
    /// The ranges of channels, which contain 0, of values observed with their shape.
    const std::map<int, std::vector<Range>>& channels() const { return channels_; }

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
    std::map<int, std::vector<Range>> channels_{};
};

}  // namespace taxon::quantize
