#pragma once
#include <span>
#include <taxon/core/image.hpp>
#include <taxon/core/shape.hpp>

namespace taxon {

/// A sample of an image's shape, contiguous (C, H, W), as a target of preprocessing.
inline PixelTarget planes_of(Shape shape, std::span<float> sample) {
    return {.at = sample.data(), .row = shape.width, .column = 1, .channel = shape.pixels()};
}

}  // namespace taxon
