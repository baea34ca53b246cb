#pragma once
#include <string_view>
#include <taxon/quantize/entropy.hpp>
#include <taxon/quantize/mean_square_error.hpp>
#include <taxon/quantize/percentile.hpp>

namespace taxon::quantize {

/// Calibration methods: the full range; percentile; least squared error; least information loss.
enum class Method : unsigned char { linear, percentile, mean_square_error, entropy };

inline constexpr std::string_view method_names[] = {"linear", "percentile", "mse", "entropy"};
inline constexpr double usual_percentile = 99.99;

constexpr std::string_view name_of(Method method) { return method_names[static_cast<int>(method)]; }

/// The method of this name. Throws Fault::usage, listing the valid names.
inline Method method_of(std::string_view name) {
    std::string known;
    for (int i = 0; i < static_cast<int>(std::size(method_names)); ++i) {
        if (method_names[i] == name) return static_cast<Method>(i);
        known.append(i > 0 ? ", " : "").append(method_names[i]);
    }
    throw Error(Fault::usage,
                {.place = "calibration method", .found = "'" + std::string(name) + "'", .wanted = "one of " + known});
}

/// The range to map to a grid, within the numbers' own range widened to contain 0. Only Method::percentile uses
/// `percentile`. Throws Fault::missing if there are no numbers, Fault::usage unless 50 < percentile <= 100.
inline Range choose_range(const Histogram& histogram, Method method, Grid grid, double percentile = usual_percentile) {
    switch (method) {
        case Method::linear: break;  // minimum to maximum: Jacob et al. 2018, section 3
        case Method::percentile: return percentile_range(histogram, grid, percentile);
        case Method::mean_square_error: return least_square_error_range(histogram, grid);
        case Method::entropy: return least_entropy_loss_range(histogram, grid);
    }
    return histogram.range();
}

}  // namespace taxon::quantize
