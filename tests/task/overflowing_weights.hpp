#pragma once
#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "edited_weights.hpp"

/// Generated weights with one parameter so large that what the network makes of it is no number.
class OverflowingWeights final : public EditedWeights {
  public:
    explicit OverflowingWeights(std::string overflowing)
        : EditedWeights("overflowing"), overflowing_(std::move(overflowing)) {}

  private:
    void edit(std::string_view name, std::span<const std::int64_t>, std::span<float> numbers) const override {
        if (name == overflowing_) std::ranges::fill(numbers, std::numeric_limits<float>::max());
    }

    std::string overflowing_;
};
