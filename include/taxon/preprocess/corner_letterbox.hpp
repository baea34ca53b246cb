#pragma once
#include <string_view>

#include <taxon/core/text.hpp>
#include <taxon/preprocess/letterbox.hpp>

namespace taxon::preprocess {

/// Input preprocessing of YOLOX: the whole picture at the top left of Height x Width on grey; blue, green and red, 0 to
/// 255 (github.com/Megvii-BaseDetection/YOLOX, data_augment.py, preproc).
template <int Height, int Width = Height>
struct CornerLetterbox : detail::OnGrey<Height, Width, corner_fit, Levels, true> {
    static_assert(detail::is_side(Height) && detail::is_side(Width),
                  "taxon: CornerLetterbox: the sides must be 1 to 16384 pixels");

  private:
    static constexpr Text<64> text = detail::name_with_sides("CornerLetterbox", Height, Width);

  public:
    static constexpr std::string_view name = text.view();
};

}  // namespace taxon::preprocess
