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

/// Detections by image, in the order of the annotations; each list in file order.
struct CocoDetections {
    std::vector<std::vector<CocoDetection>> of_images;
    std::size_t left_out = 0;  ///< of categories that are not annotated
};

/// Reads detections in COCO's results format, a list of image_id, category_id, bbox and score. Those of a category that
/// is not annotated are left out, as pycocotools does. Throws as the annotations' reader does, and Fault::mismatch for
/// an image that is not annotated, or if no detection is of a category that is.
inline CocoDetections read_coco_detections(const std::filesystem::path& path, const CocoAnnotations& annotations,
                                           const Limits& limits = {}) {
    CocoDetections all{.of_images = std::vector<std::vector<CocoDetection>>(annotations.images().size())};
    std::size_t count = 0;
    const auto see = [&](std::string_view, const CocoRecord& record) {
        const auto image = annotations.image(record, "image_id"),
                   category = annotations.category(record, "category_id");
        if (!image)
            record.refuse(Fault::mismatch, "image_id", record.spelt("image_id"), "an image of the annotations",
                          "name the annotations that belong to these detections");
        const CocoDetection one{category.value_or(0), record.box(), record.number("score")};
        ++count;
        if (category) all.of_images[*image].push_back(one);
        else ++all.left_out;
    };
    for_each_coco_record(path, io::JsonRoot::list, see, limits);
    if (count > 0 && all.left_out == count)
        throw Error(Fault::mismatch,
                    {.file = path.string(),
                     .place = "field \"category_id\"",
                     .found = "no category of the annotations in " + std::to_string(count) + " detections",
                     .wanted = "the categories' ids, not the network's class numbers"});
    return all;
}

}  // namespace taxon::eval
