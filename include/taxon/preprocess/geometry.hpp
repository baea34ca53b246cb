#pragma once
#include <algorithm>
#include <concepts>
#include <cstdint>
#include <string_view>

#include <taxon/core/text.hpp>
#include <taxon/preprocess/canvas.hpp>

namespace taxon::preprocess {

/// A geometry step: `height` and `width` of its result, 0 where that depends on the picture.
template <typename Step>
concept GeometryStep = requires(Canvas& canvas) {
    { Step::name } -> std::convertible_to<std::string_view>;
    { Step::height } -> std::convertible_to<int>;
    { Step::width } -> std::convertible_to<int>;
    Step::apply(canvas);
};

namespace detail {

constexpr bool is_side(int side) { return side > 0 && side <= static_cast<int>(Limits{}.picture_side); }

template <int Side, Filter How>
constexpr Text<64> step_text(std::string_view step) {
    Text<64> text;
    text << step << "<" << Side << (How == Filter::bicubic ? ", bicubic>" : ">");
    return text;
}

}  // namespace detail

/// Resizes to exactly Side x Side, whatever the aspect ratio.
template <int Side, Filter How = Filter::bilinear>
struct Resize {
    static_assert(detail::is_side(Side), "taxon: Resize: the side must be 1 to 16384 pixels");
    static constexpr auto text = detail::step_text<Side, How>("Resize");
    static constexpr std::string_view name = text.view();
    static constexpr int height = detail::is_side(Side) ? Side : 1, width = height;  // one error is enough
    static void apply(Canvas& canvas) { canvas.resize(Side, Side, How); }
};

/// Resizes the shorter side to Side, the longer in proportion, rounded down, like torchvision's `Resize(Side)`.
template <int Side, Filter How = Filter::bilinear>
struct ResizeShorter {
    static_assert(detail::is_side(Side), "taxon: ResizeShorter: the side must be 1 to 16384 pixels");
    static constexpr auto text = detail::step_text<Side, How>("ResizeShorter");
    static constexpr std::string_view name = text.view();
    static constexpr int height = 0, width = 0;
    static void apply(Canvas& canvas) {
        const int shorter = std::min(canvas.height(), canvas.width());
        const auto scaled = [&](int side) { return static_cast<int>(std::int64_t{Side} * side / shorter); };
        canvas.resize(scaled(canvas.height()), scaled(canvas.width()), How);
    }
};

/// The central Side x Side pixels, like torchvision's `CenterCrop(Side)`: ties go to the even neighbour; smaller
/// pictures get black borders.
template <int Side>
struct CenterCrop {
    static_assert(detail::is_side(Side), "taxon: CenterCrop: the side must be 1 to 16384 pixels");
    static constexpr auto text = detail::step_text<Side, Filter::bilinear>("CenterCrop");
    static constexpr std::string_view name = text.view();
    static constexpr int height = detail::is_side(Side) ? Side : 1, width = height;  // one error is enough
    static void apply(Canvas& canvas) {
        const int short_down = std::max(Side - canvas.height(), 0), short_across = std::max(Side - canvas.width(), 0);
        if (short_down + short_across > 0)
            canvas.pad(short_down / 2, short_across / 2, (short_down + 1) / 2, (short_across + 1) / 2);
        canvas.crop({half_to_even(canvas.height() - Side), half_to_even(canvas.width() - Side), Side, Side});
    }

  private:
    static constexpr int half_to_even(int pixels) { return pixels / 2 + (pixels % 4 == 3 ? 1 : 0); }
};

}  // namespace taxon::preprocess
