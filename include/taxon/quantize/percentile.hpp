#pragma once
#include <taxon/quantize/histogram.hpp>

namespace taxon::quantize {

/// The range that holds `percentile` % of the numbers, in whole bins: it never cuts more. An asymmetric grid loses half
/// of the rest below and half above, a symmetric one all of it from the largest magnitudes. McKinstry et al. 2018,
/// "Discovering Low-Precision Networks Close to Full-Precision Networks for Efficient Embedded Inference"; Wu et al.
/// 2020, "Integer Quantization for Deep Learning Inference: Principles and Empirical Evaluation". Throws Fault::missing
/// if there are no numbers, Fault::usage unless 50 < percentile <= 100.
inline Range percentile_range(const Histogram& histogram, Grid grid, double percentile) {
    if (!(percentile > 50 && percentile <= 100))
        throw Error(Fault::usage,
                    {.place = "percentile", .found = std::to_string(percentile), .wanted = "above 50 and at most 100"});
    Range range = histogram.range();
    const double cut = static_cast<double>(histogram.count()) * (100 - percentile) / 100;
    int above = histogram.last(), below = histogram.first();
    if (grid.symmetric()) {
        int bin = std::max(above, -1 - below);
        for (double lost = 0; bin > 0; --bin)
            if ((lost += static_cast<double>(histogram.at(bin) + histogram.at(-1 - bin))) > cut) break;
        above = bin, below = -1 - bin;
    } else {
        for (double lost = 0; above > below; --above)
            if ((lost += static_cast<double>(histogram.at(above))) > cut / 2) break;
        for (double lost = 0; below < above; ++below)
            if ((lost += static_cast<double>(histogram.at(below))) > cut / 2) break;
    }
    range.high = std::min(range.high, std::max(static_cast<float>(histogram.edge(above + 1)), range.low));
    range.low = std::max(range.low, std::min(static_cast<float>(histogram.edge(below)), range.high));
    return range;
}

}  // namespace taxon::quantize
