#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <taxon/core/image.hpp>

namespace taxon::preprocess {

/// An image that is filled in its file's order of pixels and turned on the way, so that no second copy is needed.
class OrientedImage {
  public:
    /// `height` and `width` as stored; `orientation`: EXIF's, 1 to 8. Black at first.
    OrientedImage(int height, int width, int orientation) {
        const bool transposed = orientation >= 5, from_right = orientation == 2 || orientation == 3 || orientation >= 7,
                   from_bottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        image_ = {.height = transposed ? width : height, .width = transposed ? height : width, .pixels = {}};
        const std::ptrdiff_t row = std::ptrdiff_t{3} * image_.width;
        image_.pixels.resize(static_cast<std::size_t>(row) * static_cast<std::size_t>(image_.height));
        across_ = transposed ? row : 3;
        down_ = transposed ? 3 : row;
        if (from_right) start_ += across_ * (width - 1), across_ = -across_;
        if (from_bottom) start_ += down_ * (height - 1), down_ = -down_;
    }

    /// Stores pixels of the stored row `y`, three bytes each, in its columns x, x + step, ….
    void put(int y, int x, int step, std::span<const std::uint8_t> rgb) {
        std::ptrdiff_t at = start_ + down_ * y + across_ * x;
        if (across_ * step == 3) {
            std::copy(rgb.begin(), rgb.end(), image_.pixels.begin() + at);
            return;
        }
        for (std::size_t i = 0; i + 2 < rgb.size(); i += 3, at += across_ * step)
            for (std::size_t channel = 0; channel < 3; ++channel)
                image_.pixels[static_cast<std::size_t>(at) + channel] = rgb[i + channel];
    }

    Image take() && { return std::move(image_); }

  private:
    Image image_{};
    std::ptrdiff_t start_ = 0, across_ = 0, down_ = 0;  // of the stored picture's pixels, in bytes
};

}  // namespace taxon::preprocess
