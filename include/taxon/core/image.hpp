#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace taxon {

/// A decoded image: 8 bits per channel, RGB, rows from the top, no padding: pixels[(y * width + x) * 3 + channel].
struct Image {
    int height = 0, width = 0;
    std::vector<std::uint8_t> pixels{};
};

/// Destination of a picture's preprocessed floats, in any layout: element (y, x, c) is at[y * row + x * column + c
/// * channel]. Steps are in floats. (H, W, C) dense: {W * C, C, 1}; (C, H, W) dense: {W, 1, H * W}; a network's input
/// buffer with its halo fits too.
struct PixelTarget {
    float* at = nullptr;
    std::ptrdiff_t row = 0, column = 0, channel = 0;
    float& operator()(int y, int x, int c) const { return at[y * row + x * column + c * channel]; }
};

}  // namespace taxon
