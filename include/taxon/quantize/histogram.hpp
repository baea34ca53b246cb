#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <taxon/core/error.hpp>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/number/range.hpp>
#include <vector>

namespace taxon::quantize {

/// Histogram of one value's numbers, observed chunk by chunk in bounded memory. It always spans 0, as every grid does.
///
/// Bin widths are powers of two and edges multiples of the width, mirrored about 0: bin k >= 0 is [k, k + 1) widths,
/// bin -1 - k is (-k - 1, -k]. A larger range doubles the width and joins pairs of bins, which is exact: a histogram is
/// a function of the numbers alone, not of their order, of their chunks, or of the histograms they were merged from.
class Histogram {
  public:
    static constexpr int most_bins = 4096;  ///< at least half of them are in use, unless all numbers are 0

    /// Counts numbers. Throws Fault::value if one is not finite, and then counts none of them.
    void observe(std::span<const float> numbers);

    /// Adds another histogram's counts.
    void merge(const Histogram& other) {
        if (other.empty()) return;
        widen(other.range_);
        count_ += other.count_, zeros_ += other.zeros_;
        for (int bin = other.first(); bin <= other.last(); ++bin)
            bins_[static_cast<std::size_t>(joined(bin, exponent_ - other.exponent_) - first_)] += other.at(bin);
    }

    bool empty() const { return count_ == 0; }
    std::uint64_t count() const { return count_; }
    std::uint64_t zeros() const { return zeros_; }  ///< numbers that are exactly 0; also counted in bin 0

    /// The minimum and maximum, exactly. Throws Fault::missing if there are no numbers.
    Range range() const {
        if (empty())
            throw Error(Fault::missing, {.place = "histogram",
                                         .found = "no numbers",
                                         .remedy = "run the network on at least one sample first"});
        return range_;
    }

    /// The first and the last bin in use; one of them is next to 0 if all numbers have one sign.
    int first() const { return first_; }
    int last() const { return first_ + static_cast<int>(bins_.size()) - 1; }

    /// The count of a bin, which need not be in use.
    std::uint64_t at(int bin) const {
        return bin < first() || bin > last() ? 0 : bins_[static_cast<std::size_t>(bin - first_)];
    }

    double width() const { return std::ldexp(1.0, exponent_); }
    double edge(int bin) const { return bin * width(); }  ///< the edge between this bin and the previous one

    bool operator==(const Histogram&) const = default;

  private:
    // the negated exponent must also give a float; smaller numbers go next to 0
    static constexpr int least_exponent = -126;

    struct Survey {
        Range range;
        std::uint64_t zeros;
    };

    static Survey look_at(std::span<const float> numbers);

    /// Rounds towards zero, and one less if negative. Scaling by a power of two is exact, or ends next to 0 anyway.
    static int bin_of(float x, float per_width) { return static_cast<int>(x * per_width) - (x < 0.f ? 1 : 0); }

    /// The bin that contains this one after the width has doubled so many times; an int's bits are soon shifted out.
    static int joined(int bin, int doublings) { return bin >> std::min(doublings, 31); }

    /// Makes room for a range: as many bins as it needs, at the smallest width that keeps their number within bounds.
    void widen(Range more);

    std::uint64_t count_ = 0, zeros_ = 0;
    Range range_{};
    int exponent_ = least_exponent, first_ = 0;
    std::vector<std::uint64_t> bins_{};
};

}  // namespace taxon::quantize

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/quantize/impl/histogram.ipp>
#endif
