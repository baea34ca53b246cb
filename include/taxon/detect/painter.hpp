#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <taxon/core/image.hpp>
#include <taxon/detect/font.hpp>

namespace taxon::detect {

using Colour = std::array<std::uint8_t, 3>;  ///< red, green, blue

inline constexpr Colour black{0, 0, 0};

/// Paints on a picture, clipping what lies outside.
class Painter {
  public:
    explicit Painter(Image& picture) : picture_(picture) {}

    /// Fills pixels left … right - 1 of rows top … bottom - 1.
    void fill(int left, int top, int right, int bottom, Colour colour) {
        left = std::max(left, 0);
        right = std::min(right, picture_.width);
        bottom = std::min(bottom, picture_.height);
        for (int y = std::max(top, 0); y < bottom; ++y) {
            std::uint8_t* pixel = picture_.pixels.data() + (static_cast<std::ptrdiff_t>(y) * picture_.width + left) * 3;
            for (int x = left; x < right; ++x, pixel += 3) std::copy(colour.begin(), colour.end(), pixel);
        }
    }

    /// Draws the edges of a rectangle, `thickness` pixels inwards; fills it if it is too small.
    void frame(int left, int top, int right, int bottom, int thickness, Colour colour) {
        const int down = std::min(thickness, std::max(bottom - top, 0)),
                  across = std::min(thickness, std::max(right - left, 0));
        fill(left, top, right, top + down, colour);
        fill(left, bottom - down, right, bottom, colour);
        fill(left, top, left + across, bottom, colour);
        fill(right - across, top, right, bottom, colour);
    }

    /// Draws a line of UTF-8 text whose first cell has its corner at (left, top), each dot of the font a square of
    /// `scale` pixels.
    void write(int left, int top, std::string_view text, int scale, Colour colour) {
        for (const char c : text) {
            if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;  // a continuation byte
            for (int y = 0; y < font::height; ++y)
                for (int x = 0; x < font::width; ++x)
                    if (font::dot(c, y, x))
                        fill(left + x * scale, top + y * scale, left + (x + 1) * scale, top + (y + 1) * scale, colour);
            left += font::width * scale;
        }
    }

  private:
    Image& picture_;
};

}  // namespace taxon::detect
