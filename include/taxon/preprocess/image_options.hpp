#pragma once
#include <functional>
#include <string_view>

#include <taxon/core/limits.hpp>
#include <taxon/preprocess/picture_facts.hpp>

namespace taxon::preprocess {

/// Decoders of JPEG. libjpeg-turbo is there if the program was built with it (TAXON_WITH_LIBJPEG_TURBO).
enum class JpegDecoder : unsigned char { stb_image, libjpeg_turbo };

constexpr std::string_view name_of(JpegDecoder decoder) {
    return decoder == JpegDecoder::stb_image ? "stb_image" : "libjpeg-turbo";
}

#if defined(TAXON_WITH_LIBJPEG_TURBO)
inline constexpr JpegDecoder usual_jpeg_decoder = JpegDecoder::libjpeg_turbo;
#else
inline constexpr JpegDecoder usual_jpeg_decoder = JpegDecoder::stb_image;
#endif

/// How picture files are read.
struct ImageOptions {
    /// Apply the EXIF orientation, as OpenCV's imread does and so detectors do; Pillow and torchvision's loader do not.
    bool upright = false;
    JpegDecoder jpeg_decoder = usual_jpeg_decoder;
    Limits limits{};
    /// Called before memory is allocated for the pixels; may wait for some, or throw.
    std::function<void(const PictureFacts&)> before_decoding{};
};

}  // namespace taxon::preprocess
