#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <taxon/core/error.hpp>
#include <utility>
#include <vector>

namespace taxon::quantize {

/// The smallest and the largest real number that a value must represent.
struct Range {
    float low = 0, high = 0;
    constexpr bool operator==(const Range&) const = default;
};

/// What the channels of a value are divided by before it is rounded, so that one step suits them all, and the range of
/// the quotients. The weights that read the value are multiplied by the factors instead.
struct ChannelFactors {
    std::vector<float> factors{};
    Range range{};
    bool operator==(const ChannelFactors&) const = default;
};

/// Ranges of values, keyed by the number of the node that produces each.
struct Ranges : std::map<int, Range> {
    using std::map<int, Range>::map;
    Ranges(std::map<int, Range> of_values) : std::map<int, Range>(std::move(of_values)) {}

    /// of those values whose steps have Geometry::by_channel; all others have one step for all channels
    std::map<int, ChannelFactors> by_channel{};

    bool operator==(const Ranges&) const = default;
};

/// The integer grid that a value is stored on. Symmetric grids have their zero point at 0, others where the range puts
/// it.
struct Grid {
    int least, most;
    constexpr bool symmetric() const { return least == -most; }
    constexpr int levels() const { return most - least + 1; }
};
inline constexpr Grid u8{0, 255}, s16{-4095, 4095};

/// Scale and zero point, real = step * (q - zero): equation 1 of Jacob et al. 2018, "Quantization and Training of
/// Neural Networks for Efficient Integer-Arithmetic-Only Inference", section 2.1. Zero is exact, as padding requires.
struct Scale {
    float step = 1;
    int zero = 0;
    constexpr bool operator==(const Scale&) const = default;
};

/// The smallest scale at which a grid covers a range after widening it to contain 0 (Jacob et al. 2018, section 3):
///   asymmetric   step = (high - low) / (most - least),     zero = least + round(-low / step)
///   symmetric    step = max(|low|, |high|) / most,         zero = 0
/// A range of only zeros, or one too small for a step with a finite reciprocal, gets step 1, and all of it is stored
/// as zero. Numbers within the range are reproduced to half a step. Throws Fault::value if an end is not finite or the
/// ends are in the wrong order.
inline Scale scale_of(Range range, Grid grid) {
    if (!std::isfinite(range.low) || !std::isfinite(range.high) || range.low > range.high)
        throw Error(Fault::value, {.place = "range",
                                   .found = std::to_string(range.low) + " to " + std::to_string(range.high),
                                   .wanted = "two finite numbers in order"});
    // in double: high - low may exceed the float range
    const double low = std::min(range.low, 0.f), high = std::max(range.high, 0.f);
    const auto step = static_cast<float>(grid.symmetric() ? std::max(-low, high) / grid.most
                                                          : (high - low) / (grid.most - grid.least));
    if (step < std::numeric_limits<float>::min()) return {1, grid.symmetric() ? 0 : grid.least};
    if (grid.symmetric()) return {step, 0};
    return {step, std::clamp(grid.least + static_cast<int>(std::lround(-low / step)), grid.least, grid.most)};
}

/// q = round(real / step) + zero, clamped to the grid; ties to even.
inline int quantized(float real, Scale scale, Grid grid) {
    const double q = std::nearbyint(static_cast<double>(real) / scale.step) + scale.zero;
    return static_cast<int>(std::clamp<double>(q, grid.least, grid.most));
}

inline float real(int q, Scale scale) { return scale.step * static_cast<float>(q - scale.zero); }

}  // namespace taxon::quantize
