#pragma once
#include <taxon/detect/box.hpp>
#include <taxon/preprocess/letterbox_fit.hpp>

namespace taxon::detect {

/// Maps a box from the letterbox to the picture in it, clipped to the picture. Borders count as exact halves, as in the
/// YOLOv5 reference, though they are whole pixels.
constexpr Box in_picture(const Box& box, const preprocess::LetterboxFit& fit) {
    const auto scale = static_cast<float>(fit.scale), height = static_cast<float>(fit.picture_height),
               width = static_cast<float>(fit.picture_width);
    const double half = fit.centred ? .5 : 0;
    const auto left = static_cast<float>((fit.width - fit.picture_width * fit.scale) * half),
               top = static_cast<float>((fit.height - fit.picture_height * fit.scale) * half);
    return clipped(
        {(box.left - left) / scale, (box.top - top) / scale, (box.right - left) / scale, (box.bottom - top) / scale},
        width, height);
}

}  // namespace taxon::detect
