#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <taxon/io/stored_tensor.hpp>

namespace taxon::onnx {

constexpr std::string_view shape_bounds = "16 dimensions at most, whose sizes multiply to 2^40 at most";

/// Whether a shape keeps to shape_bounds, so that a product of any of its sizes is one of std::int64_t. A size of 0
/// makes a tensor empty and not the others small: it counts as 1.
constexpr bool is_bounded(const Dimensions& shape) {
    constexpr std::size_t most_dimensions = 16;
    constexpr std::int64_t most = std::int64_t{1} << 40;
    std::int64_t product = 1;
    for (const std::int64_t size : shape) {
        if (size < 0 || size > most) return false;
        if (size > 0 && product > most / size) return false;
        product *= size > 0 ? size : 1;
    }
    return shape.size() <= most_dimensions;
}

}  // namespace taxon::onnx
