#pragma once
#include <string_view>

namespace taxon::detect {

/// Selects detections among a detector's rows. Viewers want a few high-confidence boxes; average precision is measured
/// over nearly all.
struct Profile {
    std::string_view name;
    float confidence;  ///< scores, objectness times class, must exceed this
    /// of two boxes of a class whose IoU exceeds this, the one with the lower score is dropped
    double overlap;
    bool every_class;  ///< a row is a candidate for each class above the confidence, not only its best
    int most = 300;    ///< detections kept per picture
};

/// The thresholds of the YOLOv5 reference: of its detect.py, and of its COCO evaluation.
inline constexpr Profile demo{.name = "demo", .confidence = 0.25f, .overlap = 0.45, .every_class = false};
inline constexpr Profile evaluation{.name = "eval", .confidence = 0.001f, .overlap = 0.6, .every_class = true};

}  // namespace taxon::detect
