#pragma once
#include <algorithm>
#include <taxon/core/shape.hpp>
#include <taxon/graph/window.hpp>
#include <taxon/layer/extent.hpp>

namespace taxon {

/// Pixels around a picture, as a template argument: `1` on all sides, `Padding{1, 3}` above and below, left and right,
/// `Padding{0, 0, 1, 1}` top, left, bottom, right; or one of the rules in namespace padding.
struct Padding {
    enum class Rule : unsigned char { sides, centred, same, same_lower };

    int top = 0, left = 0, bottom = 0, right = 0;
    Rule rule = Rule::sides;
    constexpr Padding(int all) : Padding(all, all, all, all) {}
    constexpr Padding(int vertical, int horizontal) : Padding(vertical, horizontal, vertical, horizontal) {}
    constexpr Padding(int above, int before, int below, int after)
        : top(above), left(before), bottom(below), right(after) {}
    constexpr Padding(Rule by) : rule(by) {}

    /// True if it does not depend on the picture.
    constexpr bool is_fixed() const { return rule == Rule::sides || rule == Rule::centred; }

    /// The window that moves over such a picture.
    constexpr Window window(Extent kernel, Extent stride, Extent dilation, const Shape& picture) const {
        return {axis({kernel.height, stride.height, dilation.height, top, bottom}, picture.height),
                axis({kernel.width, stride.width, dilation.width, left, right}, picture.width)};
    }

  private:
    constexpr WindowAxis axis(WindowAxis window, int pixels) const {
        if (rule == Rule::sides) return window;
        const int outputs = (pixels + window.stride - 1) / window.stride,
                  missing = std::max((outputs - 1) * window.stride + window.reach() - pixels, 0);
        const int more = missing - missing / 2;
        window.before = rule == Rule::centred ? (window.reach() - 1) / 2 : rule == Rule::same ? missing / 2 : more;
        window.after = rule == Rule::centred ? window.before : missing - window.before;
        return window;
    }
};

namespace padding {

/// (reach − 1) / 2 on both sides, the reach being (kernel − 1) · dilation + 1.
inline constexpr Padding centred = Padding::Rule::centred;
/// TensorFlow's "SAME", ONNX's SAME_UPPER and, at stride 1, PyTorch's "same": ⌈pixels / stride⌉ outputs, an odd pixel
/// after the picture; `same_lower`: before it.
inline constexpr Padding same = Padding::Rule::same;
inline constexpr Padding same_lower = Padding::Rule::same_lower;

}  // namespace padding
}  // namespace taxon
