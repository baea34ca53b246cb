#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <taxon/core/error.hpp>
#include <taxon/detect/candidate.hpp>
#include <taxon/eval/coco_annotations.hpp>
#include <taxon/eval/coco_records.hpp>

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

/// Reads detections in COCO's results format, a list of image_id, category_id, bbox and score. The result has a list
/// for each image of the annotations, in their order; each in file order. Throws as the annotations' reader does, and
/// Fault::mismatch for an image or category that is not annotated.
inline std::vector<std::vector<CocoDetection>> read_coco_detections(const std::filesystem::path& path,
                                                                    const CocoAnnotations& annotations) {
    std::vector<std::vector<CocoDetection>> of_images(annotations.images().size());
    for_each_coco_record(path, io::JsonRoot::list, [&](std::string_view, const CocoRecord& record) {
        const auto image_id = record.whole("image_id"), category_id = record.whole("category_id");
        const auto image = annotations.image(image_id), category = annotations.category(category_id);
        if (!image)
            record.refuse(Fault::mismatch, "image_id", std::to_string(image_id), "an image of the annotations",
                          "name the annotations that belong to these detections");
        if (!category)
            record.refuse(Fault::mismatch, "category_id", std::to_string(category_id), "a category of the annotations",
                          "write the categories' ids, not the network's class numbers");
        of_images[*image].push_back({*category, record.box(), record.number("score")});
    });
    return of_images;
}

}  // namespace taxon::eval
