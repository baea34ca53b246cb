#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace taxon::quantize {

/// Deviation of a network's outputs from the same network in float32, accumulated over samples.
class Deviation {
  public:
    /// Adds one sample's outputs, of equal length.
    void add(std::span<const float> floats, std::span<const float> answers) {
        for (std::size_t i = 0; i < floats.size(); ++i) {
            const double exact = static_cast<double>(floats[i]), error = static_cast<double>(answers[i]) - exact;
            signal_ += exact * exact, noise_ += error * error;
        }
        const auto best = [](std::span<const float> numbers) {
            return std::max_element(numbers.begin(), numbers.end()) - numbers.begin();
        };
        ++samples_, changed_ += best(floats) != best(answers);
    }

    int samples() const { return samples_; }

    /// Signal-to-noise ratio in dB, 10 log10 (sum x^2 / sum (x' - x)^2): infinite if all outputs are equal.
    double snr_db() const {
        return noise_ == 0 ? std::numeric_limits<double>::infinity() : 10 * std::log10(signal_ / noise_);
    }

    /// The fraction of samples whose top-1 class changes.
    double changed() const { return samples_ == 0 ? 0 : static_cast<double>(changed_) / samples_; }

  private:
    double signal_ = 0, noise_ = 0;
    int samples_ = 0, changed_ = 0;
};

}  // namespace taxon::quantize
