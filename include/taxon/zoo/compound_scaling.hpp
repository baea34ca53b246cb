#pragma once
#include <algorithm>

/// Channels and blocks of an EfficientNet from those of B0 (Tan and Le 2019, section 3.3); factors are in tenths.
namespace taxon::zoo::compound_scaling {

/// Rounded to a multiple of 8, but not to less than nine tenths.
constexpr int channels(int of_b0, int width) {
    const int wanted = of_b0 * width, rounded = std::max(8, (wanted + 40) / 80 * 8);
    return rounded * 100 < wanted * 9 ? rounded + 8 : rounded;
}

/// Rounded up.
constexpr int blocks(int of_b0, int depth) { return (of_b0 * depth + 9) / 10; }

}  // namespace taxon::zoo::compound_scaling
