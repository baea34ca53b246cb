#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <taxon/core/error.hpp>
#include <taxon/core/image.hpp>
#include <taxon/core/text.hpp>
#include <taxon/policy/preprocess.hpp>
#include <taxon/preprocess/bilinear_rows.hpp>
#include <taxon/preprocess/geometry.hpp>
#include <taxon/preprocess/letterbox_fit.hpp>
#include <taxon/preprocess/normalize.hpp>

namespace taxon::preprocess {

/// The colour of the borders.
inline constexpr std::uint8_t letterbox_grey = 114;

namespace detail {

/// Passes each row of the fitted picture, content.width * 3 bytes, to see(y of the content, row). Throws Fault::shape
/// for an empty picture or one of another size than was fitted.
template <class See>
void for_each_fitted_row(const Image& picture, const LetterboxFit& fit, See&& see) {
    if (picture.height <= 0 || picture.width <= 0 || picture.pixels.size() != bytes_of(picture.height, picture.width) ||
        picture.height != fit.picture_height || picture.width != fit.picture_width)
        throw Error(Fault::shape, {.place = "letterbox",
                                   .found = std::to_string(picture.width) + " x " + std::to_string(picture.height) +
                                            " pixels in " + std::to_string(picture.pixels.size()) + " bytes",
                                   .wanted = "a picture of " + std::to_string(fit.picture_width) + " x " +
                                             std::to_string(fit.picture_height) + " pixels, at least one"});
    const Window& content = fit.content;
    if (content.height == picture.height && content.width == picture.width) {
        for (int y = 0; y < content.height; ++y) see(y, picture.pixels.data() + bytes_of(y, picture.width));
        return;
    }
    BilinearRows rows(picture, content.height, content.width);
    for (int y = 0; y < content.height; ++y) see(y, rows.row(y));
}

}  // namespace detail

/// Letterboxes the picture on grey, byte for byte like cv2.resize and cv2.copyMakeBorder in the YOLOv5 reference.
inline Image letterbox(const Image& picture, const LetterboxFit& fit) {
    Image made{.height = fit.height,
               .width = fit.width,
               .pixels = std::vector<std::uint8_t>(detail::bytes_of(fit.height, fit.width), letterbox_grey)};
    detail::for_each_fitted_row(picture, fit, [&](int y, const std::uint8_t* row) {
        std::copy_n(row, detail::bytes_of(1, fit.content.width),
                    made.pixels.data() + detail::bytes_of(fit.content.top + y, fit.width) +
                        detail::bytes_of(1, fit.content.left));
    });
    return made;
}

/// The same as floats, level / 255 unless `levels` says otherwise, written through `target` without an intermediate
/// picture; blue first, if `reversed`.
inline void write_letterbox(const Image& picture, const LetterboxFit& fit, PixelTarget target,
                            std::span<const float, 256> levels = ScaleTo01::levels[0], bool reversed = false) {
    const auto fill = [&](int y, int from, int end) {
        for (int channel = 0; channel < 3; ++channel)
            for (int x = from; x < end; ++x) target(y, x, channel) = levels[letterbox_grey];
    };
    const Window& content = fit.content;
    const int end_x = content.left + content.width, end_y = content.top + content.height;
    for (int y = 0; y < content.top; ++y) fill(y, 0, fit.width);
    for (int y = end_y; y < fit.height; ++y) fill(y, 0, fit.width);
    detail::for_each_fitted_row(picture, fit, [&](int content_y, const std::uint8_t* row) {
        const int y = content.top + content_y;
        fill(y, 0, content.left);
        fill(y, end_x, fit.width);
        for (int channel = 0; channel < 3; ++channel) {
            float* to = &target(y, content.left, channel);
            for (std::ptrdiff_t x = 0; x < content.width; ++x)
                to[x * target.column] = levels[row[3 * x + (reversed ? 2 - channel : channel)]];
        }
    });
}

namespace detail {

/// "Letterbox<640, 384>", or "Letterbox<640>" for equal sides.
constexpr Text<64> name_with_sides(std::string_view name, int height, int width) {
    Text<64> made;
    made << name << "<" << height;
    if (width != height) made << ", " << width;
    return made << ">";
}

/// A policy that puts the whole picture on grey where `Place` says, as Levels, blue first if `reversed`.
template <int Height, int Width, auto Place, class Levels, bool reversed>
struct OnGrey {
    static constexpr Takes takes = Takes::picture;
    // one error is enough
    static constexpr int height = is_side(Height) ? Height : 1, width = is_side(Width) ? Width : 1;

    /// For pictures of at least one pixel.
    static constexpr LetterboxFit fit(int picture_height, int picture_width) {
        return Place(picture_height, picture_width, height, width);
    }

    static Image pixels(const Image& picture) { return letterbox(picture, fit_of(picture)); }
    static void apply(const Image& picture, PixelTarget target) {
        write_letterbox(picture, fit_of(picture), target, Levels::levels[0], reversed);
    }

  private:
    /// An empty picture fits nowhere and is rejected where its rows are read.
    static constexpr LetterboxFit fit_of(const Image& picture) {
        return fit(std::max(picture.height, 1), std::max(picture.width, 1));
    }
};

}  // namespace detail

/// Input preprocessing of detectors: the whole picture centred in Height x Width on grey, 0 to 1. `letterbox_fit` gives
/// its position, for mapping boxes back.
template <int Height, int Width = Height>
struct Letterbox : detail::OnGrey<Height, Width, letterbox_fit, ScaleTo01, false> {
    static_assert(detail::is_side(Height) && detail::is_side(Width),
                  "taxon: Letterbox: the sides must be 1 to 16384 pixels");

  private:
    static constexpr Text<64> text = detail::name_with_sides("Letterbox", Height, Width);

  public:
    static constexpr std::string_view name = text.view();
};

}  // namespace taxon::preprocess
