#pragma once
#include <algorithm>

#include <taxon/quantize/histogram.hpp>

namespace taxon::quantize {

/// Mean squared error of storing numbers on a grid: the mean of (real - stored)^2, rounding and clipping together.
///
/// Integrates the error over each bin, assuming numbers are evenly distributed in it, so bins may be wider or narrower
/// than steps; in steps from zero, with n(u) = round(u) clamped to the grid, its antiderivative is n / 12 + (u - n)^3 /
/// 3. Zeros are stored exactly. With many levels that is the sum of step^2 / 12 and the clipping error of Banner et al.
/// 2019, "Post-training 4-bit quantization of convolution networks for rapid-deployment".
class SquareError {
  public:
    /// Throws Fault::missing if there are no numbers.
    SquareError(const Histogram& histogram, Grid grid) : grid_(grid), count_(static_cast<double>(histogram.count())) {
        const Range range = histogram.range();
        for (int bin = histogram.first(); bin <= histogram.last(); ++bin) {
            const std::uint64_t count = histogram.at(bin) - (bin == 0 ? histogram.zeros() : 0);
            const double from = std::max<double>(histogram.edge(bin), range.low),
                         to = std::min<double>(histogram.edge(bin + 1), range.high);
            if (count > 0) pieces_.push_back({from, to, static_cast<double>(count)});
        }
    }

    /// The mean squared error if this range is mapped to the grid.
    double operator()(Range range) const {
        const Scale scale = scale_of(range, grid_);
        const double per_step = 1.0 / scale.step, least = grid_.least - scale.zero, most = grid_.most - scale.zero;
        const auto nearest = [&](double u) {
            return static_cast<double>(static_cast<int>(std::clamp(u, least, most) - least + 0.5)) + least;
        };
        const auto integral = [&](double u) {
            const double n = nearest(u), d = u - n;
            return n / 12 + d * d * d / 3;
        };
        double sum = 0;
        for (const auto& [from, to, count] : pieces_) {
            const double a = from * per_step, b = to * per_step, d = a - nearest(a);
            sum += count * (b > a ? (integral(b) - integral(a)) / (b - a) : d * d);
        }
        return sum / count_ * scale.step * scale.step;
    }

  private:
    struct Piece {
        double from, to, count;
    };
    Grid grid_;
    double count_;
    std::vector<Piece> pieces_{};
};

/// The range of least mean squared error: Sung, Shin and Hwang 2015, "Resiliency of Deep Neural Networks under
/// Quantization" (least L2 error), searched over the ends 2^(-k / 16), k <= 160, of the numbers' range: first both ends
/// together, then, on an asymmetric grid, each in turn until neither moves. The ends are on both sides of 0, or 0.
inline Range least_square_error_range(const Histogram& histogram, Grid grid) {
    const SquareError error(histogram, grid);
    const Range whole = histogram.range(), full{std::min(whole.low, 0.f), std::max(whole.high, 0.f)};
    Range best = full;
    double least = error(best);
    const auto sweep = [&](bool low, bool high) {
        constexpr int shares = 160, an_octave = 16;
        const Range before = best;
        for (int k = 0; k <= shares; ++k) {
            const float share = std::exp2(-static_cast<float>(k) / an_octave);
            const Range shrunk{low ? full.low * share : before.low, high ? full.high * share : before.high};
            if (const double e = error(shrunk); e < least) least = e, best = shrunk;
        }
        return best != before;
    };
    sweep(true, true);
    if (grid.symmetric() || full.low == 0 || full.high == 0) return best;
    for (bool moves = true; moves;) {  // each move lowers the error, and there are finitely many ends
        moves = sweep(true, false);
        moves = sweep(false, true) || moves;
    }
    return best;
}

}  // namespace taxon::quantize
