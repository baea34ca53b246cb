#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace taxon {

/// The index of the first NaN or infinity; the number of numbers if there is none.
inline std::size_t first_nonfinite(std::span<const float> numbers) {
    const auto at = std::find_if(numbers.begin(), numbers.end(), [](float number) { return !std::isfinite(number); });
    return static_cast<std::size_t>(at - numbers.begin());
}

inline bool all_finite(std::span<const float> numbers) { return first_nonfinite(numbers) == numbers.size(); }

}  // namespace taxon
