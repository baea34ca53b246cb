#pragma once
#include <algorithm>
#include <taxon/core/real.hpp>

namespace taxon {

/// How a resized picture's pixels are made. Nearest: of the old pixel at i · step; exactly nearest: of the one whose
/// centre is next; bilinear: of the four around.
enum class Interpolation : unsigned char { nearest, nearest_exact, bilinear };

/// Two neighbours along an axis, and the share of the second.
struct Neighbours {
    int first, second;
    float share;
};

/// `torch.nn.functional.interpolate`, in single precision like PyTorch's own, because a nearest pixel depends on the
/// last bit.
struct Resizing {
    Interpolation interpolation{};
    bool aligns_corners = false;  ///< the centres of the corners stay where they are, rather than their edges
    Real y_step{}, x_step{};      ///< old pixels from new pixel to new pixel

    /// The distance of `outputs` pixels made of `pixels`, or of those that a factor makes of them (0: none is given).
    /// An axis that keeps its size stays as it is, whatever the factor.
    constexpr Real step(int pixels, int outputs, double factor = 0) const {
        if (outputs == pixels) return 1;
        if (aligns_corners) return outputs > 1 ? static_cast<float>(pixels - 1) / static_cast<float>(outputs - 1) : 0.f;
        if (factor > 0) return static_cast<float>(1 / factor);
        return static_cast<float>(pixels) / static_cast<float>(outputs);
    }

    /// The old pixels that new pixel `number` is made of.
    constexpr Neighbours neighbours(Real step, int number, int pixels) const {
        const float at = static_cast<float>(number), by = static_cast<float>(step);
        if (interpolation != Interpolation::bilinear) {
            const float place = (interpolation == Interpolation::nearest_exact ? at + 0.5f : at) * by;
            const int nearest = std::min(static_cast<int>(place), pixels - 1);
            return {nearest, nearest, 0};
        }
        const float place = aligns_corners ? at * by : std::max(0.f, (at + 0.5f) * by - 0.5f);
        const int first = std::min(static_cast<int>(place), pixels - 1);
        return {first, std::min(first + 1, pixels - 1), std::min(place - static_cast<float>(first), 1.f)};
    }
    constexpr bool operator==(const Resizing&) const = default;
};

}  // namespace taxon
