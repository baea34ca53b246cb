#pragma once
#include <algorithm>
#include <string>

#include <taxon/core/error.hpp>
#include <taxon/preprocess/resize.hpp>

namespace taxon::preprocess {

/// The placement of a picture that is scaled in proportion into a box of another shape.
struct LetterboxFit {
    int picture_height = 0, picture_width = 0;  ///< original size
    int height = 0, width = 0;                  ///< size of the box
    Window content{};                           ///< the picture's window in it; grey around
    double scale = 1;                           ///< pixels of the box per pixel of the picture
    bool centred = true;                        ///< else at the top left
    friend bool operator==(const LetterboxFit&, const LetterboxFit&) = default;
};

namespace detail {

/// Rounds to nearest, ties to even, like Python's round. Below 2^31.
constexpr int rounded_to_even(double number) {
    const int below = static_cast<int>(number), half = number - below > 0.5 ? 1 : number - below < 0.5 ? 0 : below % 2;
    return below + half;
}

constexpr LetterboxFit centred_fit(LetterboxFit fit, int most_height, int most_width) {
    fit.scale = std::min(static_cast<double>(most_height) / fit.picture_height,
                         static_cast<double>(most_width) / fit.picture_width);
    fit.content.height = std::max(rounded_to_even(fit.picture_height * fit.scale), 1);
    fit.content.width = std::max(rounded_to_even(fit.picture_width * fit.scale), 1);
    return fit;
}

/// With an odd number of pixels left over, the smaller border is above and on the left.
constexpr LetterboxFit in_box(LetterboxFit fit, int height, int width) {
    fit.height = height;
    fit.width = width;
    fit.content.top = (height - fit.content.height) / 2;
    fit.content.left = (width - fit.content.width) / 2;
    return fit;
}

}  // namespace detail

/// Centres the picture in height x width, like the YOLOv5 reference's letterbox(auto=False): sides are rounded to
/// nearest, ties to even, and are at least one pixel. All sizes must be positive.
constexpr LetterboxFit letterbox_fit(int picture_height, int picture_width, int height, int width) {
    return detail::in_box(
        detail::centred_fit({.picture_height = picture_height, .picture_width = picture_width}, height, width), height,
        width);
}

/// Places the picture at the top left of height x width, like YOLOX's preproc: sides are rounded down, and are at least
/// one pixel.
constexpr LetterboxFit corner_fit(int picture_height, int picture_width, int height, int width) {
    LetterboxFit fit{
        .picture_height = picture_height, .picture_width = picture_width, .height = height, .width = width};
    fit.centred = false;
    fit.scale = std::min(static_cast<double>(height) / picture_height, static_cast<double>(width) / picture_width);
    fit.content.height = std::max(static_cast<int>(picture_height * fit.scale), 1);
    fit.content.width = std::max(static_cast<int>(picture_width * fit.scale), 1);
    return fit;
}

/// The smallest box whose sides are multiples of `stride`, the longer one `size`, which must be such a multiple:
/// letterbox(auto=True). A network that accepts any size then processes less grey.
constexpr LetterboxFit rectangle_fit(int picture_height, int picture_width, int size, int stride) {
    const auto fit =
        detail::centred_fit({.picture_height = picture_height, .picture_width = picture_width}, size, size);
    return detail::in_box(fit, fit.content.height + (size - fit.content.height) % stride,
                          fit.content.width + (size - fit.content.width) % stride);
}

}  // namespace taxon::preprocess
