#pragma once
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

namespace taxon::app {

/// The difference of numbers from others that count as right, accumulated over samples in double. NaN and infinity are
/// counted, and left out of all sums.
class Difference {
  public:
    /// A number of a sample, and what it should be.
    struct Place {
        std::size_t sample = 0, number = 0;
        float found = 0, right = 0;
    };

    /// Adds the first numbers of both, as many as the shorter has.
    void add(std::size_t sample, std::span<const float> found, std::span<const float> right) {
        for (std::size_t i = 0; i < found.size() && i < right.size(); ++i) {
            if (!std::isfinite(found[i]) || !std::isfinite(right[i])) {
                if (nonfinite() == 0) first_nonfinite_ = {sample, i, found[i], right[i]};
                nonfinite_found_ += !std::isfinite(found[i]), nonfinite_right_ += !std::isfinite(right[i]);
                continue;
            }
            const auto a = static_cast<double>(found[i]), b = static_cast<double>(right[i]);
            found_ += a * a, right_ += b * b, product_ += a * b, noise_ += (a - b) * (a - b), ++count_;
            if (std::abs(a - b) <= largest_) continue;
            largest_ = std::abs(a - b), largest_at_ = {sample, i, found[i], right[i]};
        }
    }

    double largest() const { return largest_; }
    const Place& largest_at() const { return largest_at_; }  ///< the first, if there are several

    /// The numbers of either side that are NaN or infinity, and the first place with one.
    std::size_t nonfinite() const { return nonfinite_found_ + nonfinite_right_; }
    std::size_t nonfinite_found() const { return nonfinite_found_; }
    std::size_t nonfinite_right() const { return nonfinite_right_; }
    const Place& first_nonfinite() const { return first_nonfinite_; }

    /// Root-mean-square difference.
    double rms() const { return count_ == 0 ? 0 : std::sqrt(noise_ / static_cast<double>(count_)); }

    /// The same over the root mean square of the right numbers: infinite if those are zeros and these are not.
    double relative() const {
        if (noise_ == 0) return 0;
        return right_ == 0 ? std::numeric_limits<double>::infinity() : std::sqrt(noise_ / right_);
    }

    /// Signal-to-noise ratio in dB, 10 log10 (sum b^2 / sum (a - b)^2): infinite without a difference.
    double snr_db() const { return -20 * std::log10(relative()); }

    /// Of the angle between both; 1 if both are zeros.
    double cosine() const {
        if (found_ == 0 || right_ == 0) return found_ == right_ ? 1 : 0;
        return product_ / std::sqrt(found_ * right_);
    }

  private:
    double found_ = 0, right_ = 0, product_ = 0, noise_ = 0, largest_ = 0;
    std::size_t count_ = 0, nonfinite_found_ = 0, nonfinite_right_ = 0;
    Place largest_at_{}, first_nonfinite_{};
};

}  // namespace taxon::app
