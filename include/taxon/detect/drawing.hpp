#pragma once
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <taxon/core/image.hpp>
#include <taxon/detect/candidate.hpp>
#include <taxon/detect/painter.hpp>

namespace taxon::detect {

/// A bright colour per class, far apart for neighbouring classes: hues by the golden ratio, all light enough for black
/// text to have a contrast of at least 5 : 1.
inline Colour colour_of_class(int label) {
    constexpr double golden = 0.61803398875, saturation = 0.55;
    const double hue = 6 * std::fmod(label * golden, 1.0);  // 0 red, 2 green, 4 blue
    Colour colour;
    for (std::size_t channel = 0; channel < colour.size(); ++channel) {
        const double apart = std::fabs(std::remainder(hue - 2.0 * static_cast<double>(channel), 6.0)),
                     share = std::clamp(2 - apart, 0.0, 1.0);
        colour[channel] = static_cast<std::uint8_t>(std::lround(255 * (1 - saturation * (1 - share))));
    }
    return colour;
}

namespace detail {

/// "person 0.82"; with the class's number if its name cannot be drawn.
inline std::string caption(const std::string& name, int label, float score) {
    char digits[32];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), score, std::chars_format::fixed, 2).ptr;
    return (font::can_write(name) ? name : std::to_string(label)) + " " + std::string(digits, end);
}

/// Position and line width of a label.
struct Places {
    int left, top, right, bottom;  // of the box
    // pixels of a dot of the font, and of a frame: 2 at 640 pixels, so that labels look alike in pictures of all sizes
    int scale;
    int edge;  // width of the black outline, for bright backgrounds
};

inline Places places(const Image& picture, const Box& box) {
    const int scale = std::max((std::max(picture.height, picture.width) + 300) / 400, 1);
    const Box inside = clipped(box, static_cast<float>(picture.width), static_cast<float>(picture.height));
    const auto rounded_up = [](float number) { return static_cast<int>(std::ceil(number)); };
    return {static_cast<int>(inside.left),
            static_cast<int>(inside.top),
            rounded_up(inside.right),
            rounded_up(inside.bottom),
            scale,
            std::max(scale / 2, 1)};
}

inline void draw_frame(Painter& painter, const Places& at, Colour colour) {
    painter.frame(at.left - at.edge, at.top - at.edge, at.right + at.edge, at.bottom + at.edge, at.scale + 2 * at.edge,
                  black);
    painter.frame(at.left, at.top, at.right, at.bottom, at.scale, colour);
}

/// Above the box if there is room, else inside its upper edge; shifted left at the picture's right edge.
inline void draw_caption(Painter& painter, int picture_width, const Places& at, const std::string& text,
                         Colour colour) {
    const int width = (font::length(text) * font::width + 1) * at.scale, height = (font::height + 1) * at.scale;
    const int x = std::max(std::min(at.left, picture_width - width), 0),
              y = at.top >= height ? at.top - height : at.top;
    painter.fill(x - at.edge, y - at.edge, x + width + at.edge, y + height + at.edge, black);
    painter.fill(x, y, x + width, y + height, colour);
    painter.write(x + at.scale, y + at.scale, text, at.scale, black);
}

}  // namespace detail

/// Draws every detection's box, and on top of all boxes its label and score, best last. `label_of(class)` gives a
/// std::string, UTF-8; for a name that is not all ASCII, the class's number is drawn.
template <class LabelOf>
void draw(Image& picture, std::span<const Detection> detections, LabelOf&& label_of) {
    Painter painter(picture);
    for (std::size_t i = detections.size(); i-- > 0;)
        detail::draw_frame(painter, detail::places(picture, detections[i].box), colour_of_class(detections[i].label));
    for (std::size_t i = detections.size(); i-- > 0;) {
        const Detection& one = detections[i];
        detail::draw_caption(painter, picture.width, detail::places(picture, one.box),
                             detail::caption(label_of(one.label), one.label, one.score), colour_of_class(one.label));
    }
}

/// Draws a picture's class and its score into the upper left corner; of a name that is not all ASCII the number.
inline void draw_class(Image& picture, int label, float score, const std::string& name) {
    Painter painter(picture);
    const Box whole{0, 0, static_cast<float>(picture.width), static_cast<float>(picture.height)};
    detail::draw_caption(painter, picture.width, detail::places(picture, whole), detail::caption(name, label, score),
                         colour_of_class(label));
}

}  // namespace taxon::detect
