#pragma once
#include <algorithm>

namespace taxon::detect {

/// A rectangle by its edges, in pixels from a picture's top left corner; right and bottom are exclusive. If right is
/// less than left, or bottom less than top, the area is meaningless: networks produce no such box, and readers reject
/// it in files.
struct Box {
    float left = 0, top = 0, right = 0, bottom = 0;

    constexpr float width() const { return right - left; }
    constexpr float height() const { return bottom - top; }
    constexpr float area() const { return width() * height(); }
    friend bool operator==(const Box&, const Box&) = default;
};

/// The box with this centre and size, as in a detector's rows.
constexpr Box box_around(float x, float y, float width, float height) {
    return {x - width / 2, y - height / 2, x + width / 2, y + height / 2};
}

/// Intersection over union, 0 to 1; 0 for boxes that only touch, and for two boxes without area. In float and in the
/// order of torchvision's nms.
constexpr float overlap(const Box& a, const Box& b) {
    const float across = std::max(0.0f, std::min(a.right, b.right) - std::max(a.left, b.left));
    const float down = std::max(0.0f, std::min(a.bottom, b.bottom) - std::max(a.top, b.top));
    const float shared = across * down, whole = a.area() + b.area() - shared;
    return shared > 0 ? shared / whole : 0.0f;
}

/// Clips the box to a picture of this size.
constexpr Box clipped(const Box& box, float width, float height) {
    return {std::clamp(box.left, 0.0f, width), std::clamp(box.top, 0.0f, height), std::clamp(box.right, 0.0f, width),
            std::clamp(box.bottom, 0.0f, height)};
}

}  // namespace taxon::detect
