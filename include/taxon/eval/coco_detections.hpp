#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <taxon/core/error.hpp>
#include <taxon/core/separate_compilation.hpp>
#include <taxon/detect/candidate.hpp>
#include <taxon/eval/coco_annotations.hpp>

namespace taxon::eval {

/// One detection of a detector.
struct CocoDetection {
    std::size_t category = 0;  ///< index into the annotations' list
    CocoBox box;
    double score = 0;
};

/// Class i of the network is the i-th category by ascending id.
inline CocoDetection coco_detection(const detect::Detection& one) {
    const auto& [left, top, right, bottom] = one.box;
    return {static_cast<std::size_t>(one.label),
            {left, top, static_cast<double>(right) - left, static_cast<double>(bottom) - top},
            one.score};
}

/// Detections by image, in the order of the annotations; each list in file order.
struct CocoDetections {
    std::vector<std::vector<CocoDetection>> of_images;
    std::size_t left_out = 0;  ///< of categories that are not annotated
};

/// Reads detections in COCO's results format, a list of image_id, category_id, bbox and score. Those of a category that
/// is not annotated are left out, as pycocotools does. Throws as the annotations' reader does, and Fault::mismatch for
/// an image that is not annotated, or if no detection is of a category that is.
TAXON_DECL CocoDetections read_coco_detections(const std::filesystem::path& path, const CocoAnnotations& annotations,
                                               const Limits& limits = {});

}  // namespace taxon::eval

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/eval/impl/coco_detections.ipp>
#endif
