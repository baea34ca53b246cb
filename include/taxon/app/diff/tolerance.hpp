#pragma once
#include <algorithm>
#include <cmath>
#include <string>
#include <taxon/policy/precision.hpp>

#include <fmt/core.h>

namespace taxon::app {

/// Rounding of a number type: half a unit in the last place of 1, or for integers a step of the range. Of float32 twice
/// that, for its sums round as much as its numbers.
constexpr double rounding_of(Element element) {
    switch (element) {
        case Element::float16: return 0x1p-11;
        case Element::bfloat16: return 0x1p-8;
        case Element::uint8:
        case Element::int8: return 1. / 255;
        case Element::int16: return 1. / 8190;  // values of 16 bits are -4095 to 4095
        default: return 0x1p-23;
    }
}

/// Of the coarsest numbers in a network.
constexpr double rounding_of(const DataTypes& data_types) {
    return std::max({rounding_of(data_types.values), rounding_of(data_types.matrices), rounding_of(data_types.others)});
}

/// The relative root-mean-square difference that a layer may have. Roundings are independent, so errors grow with the
/// square root of the number of layers computed: margin · rounding · √layers.
class LayerTolerance {
  public:
    /// MobileNetV3-Small on photographs, also against PyTorch and on all instruction sets, has at most 0.41 of it in
    /// float32, 0.27 in 8-bit integers, and 0.1 in bfloat16 and float16.
    static constexpr double margin = 8;

    /// `rounding`: of the coarser side; 0 if both compute alike, and only other weights make a difference.
    static LayerTolerance of_rounding(double rounding) { return {margin * rounding, false}; }
    /// The same for all layers.
    static LayerTolerance of_user(double bound) { return {bound, true}; }

    /// Of the n-th layer that a run computes, from 1.
    double of_layer(std::size_t n) const { return constant_ ? bound_ : bound_ * std::sqrt(static_cast<double>(n)); }

    static std::string rule() {
        return fmt::format("{:g} x the coarser side's rounding (float32 2^-23, float16 2^-11, bfloat16 2^-8, 8-bit "
                           "integers 1/255, 16-bit ones 1/8190) x the square root of the layers computed so far; none "
                           "if both sides compute alike",
                           margin);
    }

    std::string text() const {
        if (constant_) return fmt::format("{:g}, as asked", bound_);
        if (bound_ == 0) return "none, for both sides compute alike: equal weights give equal bytes";
        return fmt::format("{} x {:.2e} (the coarser rounding) x the square root of the layers computed", margin,
                           bound_ / margin);
    }

  private:
    LayerTolerance(double bound, bool constant) : bound_(bound), constant_(constant) {}

    double bound_;
    bool constant_;
};

}  // namespace taxon::app
