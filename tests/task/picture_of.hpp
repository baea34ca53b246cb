#pragma once
#include <cstdint>
#include <taxon/core/image.hpp>
#include <vector>

/// A picture whose pixels are as good as random, the same for the same sizes and seed.
inline taxon::Image picture_of(int height, int width, std::uint32_t seed) {
    taxon::Image picture{.height = height, .width = width};
    for (int i = 0; i < height * width * 3; ++i) {
        seed = seed * 1664525u + 1013904223u;
        picture.pixels.push_back(static_cast<std::uint8_t>(seed >> 24));
    }
    return picture;
}

/// Of odd sizes, tall and wide ones, down to a single pixel.
inline std::vector<taxon::Image> odd_pictures() {
    return {picture_of(33, 17, 1), picture_of(1, 1, 2),   picture_of(7, 90, 3), picture_of(16, 16, 4),
            picture_of(101, 3, 5), picture_of(20, 31, 6), picture_of(64, 48, 7)};
}
