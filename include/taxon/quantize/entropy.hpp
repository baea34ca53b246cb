#pragma once
#include <cmath>
#include <cstdint>
#include <limits>

#include <taxon/quantize/histogram.hpp>

namespace taxon::quantize {

/// Information lost when the numbers in the bins from `first` to `last` keep only `levels` different values and those
/// outside are clipped: KL(P || Q) in nats, where P is the histogram with the outsiders added to its end bins, and Q
/// distributes the count of each level evenly over those of its bins that are non-empty in P. Infinite if Q lacks a bin
/// that P has. Zeros are left out, because they are exact whatever the range.
inline double kl_divergence(const Histogram& histogram, int first, int last, int levels) {
    const auto at = [&](int bin) {
        return static_cast<double>(histogram.at(bin) - (bin == 0 ? histogram.zeros() : 0));
    };
    double below = 0, above = 0, inside = 0;
    for (int bin = histogram.first(); bin <= histogram.last(); ++bin)
        (bin < first ? below : bin > last ? above : inside) += at(bin);
    if (inside == 0) return std::numeric_limits<double>::infinity();
    const auto p_at = [&](int bin) { return at(bin) + (bin == first ? below : 0) + (bin == last ? above : 0); };

    const double all = inside + below + above;
    const std::int64_t bins = last - first + 1;
    double divergence = 0;
    for (std::int64_t level = 0; level < levels; ++level) {
        const int begin = first + static_cast<int>(level * bins / levels),
                  end = first + static_cast<int>((level + 1) * bins / levels);
        double numbers = 0, used = 0;
        for (int bin = begin; bin < end; ++bin) numbers += at(bin), used += p_at(bin) > 0 ? 1 : 0;
        const double q = used > 0 ? numbers / used / inside : 0;
        for (int bin = begin; bin < end; ++bin)
            if (const double p = p_at(bin) / all; p > 0)
                divergence += q > 0 ? p * std::log(p / q) : std::numeric_limits<double>::infinity();
    }
    return divergence;
}

/// The range that loses least information: Migacz 2017, "8-bit Inference with TensorRT" (NVIDIA GTC), slides
/// "Calibration" to "Pseudocode". As there, one threshold t is searched from as many bins as levels up to all of them,
/// in at most 256 steps, and the range is the intersection of -t to t with that of the numbers (and 0): 0 to t after a
/// ReLU. Where the grid has more levels than the histogram has bins, the bins cannot tell, and the range stays whole.
/// Throws Fault::missing if there are no numbers.
inline Range least_entropy_loss_range(const Histogram& histogram, Grid grid) {
    const Range whole = histogram.range(), full{std::min(whole.low, 0.f), std::max(whole.high, 0.f)};
    const int most = std::max(histogram.last() + 1, -histogram.first());  // bins of the largest magnitude
    const int step = std::max(1, most / 256);
    Range best = full;
    double least = std::numeric_limits<double>::infinity();
    for (int t = most; t > 0; t -= step) {
        const auto threshold = static_cast<float>(histogram.edge(t));
        const Range range = t == most ? full : Range{std::max(full.low, -threshold), std::min(full.high, threshold)};
        const int first = std::max(histogram.first(), -t), last = std::min(histogram.last(), t - 1);
        const auto levels =
            static_cast<int>((static_cast<double>(range.high) - range.low) / scale_of(range, grid).step + 0.5) + 1;
        if (levels > last - first + 1) break;
        if (const double loss = kl_divergence(histogram, first, last, levels); loss < least) least = loss, best = range;
    }
    return best;
}

}  // namespace taxon::quantize
