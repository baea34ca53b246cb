#pragma once
#include <algorithm>
#include <string_view>

#include <taxon/core/image.hpp>
#include <taxon/core/text.hpp>
#include <taxon/policy/preprocess.hpp>
#include <taxon/preprocess/letterbox.hpp>

namespace taxon::preprocess {

/// Input preprocessing of YOLOX: the whole picture at the top left of Height x Width on grey; blue, green and red, 0 to
/// 255 (github.com/Megvii-BaseDetection/YOLOX, data_augment.py, preproc).
template <int Height, int Width = Height>
struct CornerLetterbox {
    static_assert(detail::is_side(Height) && detail::is_side(Width),
                  "taxon: CornerLetterbox: the sides must be 1 to 16384 pixels");

  private:
    static constexpr Text<64> text = [] {
        Text<64> made;
        made << "CornerLetterbox<" << Height;
        if (Width != Height) made << ", " << Width;
        return made << ">";
    }();

  public:
    static constexpr std::string_view name = text.view();
    static constexpr Takes takes = Takes::picture;
    // one error is enough
    static constexpr int height = detail::is_side(Height) ? Height : 1, width = detail::is_side(Width) ? Width : 1;

    /// For pictures of at least one pixel.
    static constexpr LetterboxFit fit(int picture_height, int picture_width) {
        return corner_fit(picture_height, picture_width, height, width);
    }

    static Image pixels(const Image& picture) { return letterbox(picture, fit_of(picture)); }
    static void apply(const Image& picture, PixelTarget target) {
        write_letterbox(picture, fit_of(picture), target, Levels::levels[0], true);
    }

  private:
    /// An empty picture fits nowhere and is rejected where its rows are read.
    static constexpr LetterboxFit fit_of(const Image& picture) {
        return fit(std::max(picture.height, 1), std::max(picture.width, 1));
    }
};

}  // namespace taxon::preprocess
