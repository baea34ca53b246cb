#pragma once
#include <string_view>

namespace taxon::detect {

/// Which boxes of a detector's rows are answers. Users look at few sure boxes; average precision is measured over
/// nearly all.
struct Profile {
    std::string_view name;
    float confidence;  ///< a score, objectness times class, must exceed it
    /// of two boxes of a class whose intersection over union exceeds it, the one with the lower score goes
    double overlap;
    bool every_class;  ///< a row is a candidate for each class above the confidence, not for its best alone
    int most = 300;    ///< boxes that are kept of a picture
};

/// The figures of the YOLOv5 reference: those of its detect.py, and those that its COCO figures were measured with.
inline constexpr Profile demo{.name = "demo", .confidence = 0.25f, .overlap = 0.45, .every_class = false};
inline constexpr Profile evaluation{.name = "eval", .confidence = 0.001f, .overlap = 0.6, .every_class = true};

}  // namespace taxon::detect
