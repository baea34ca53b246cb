#pragma once
#include <cstddef>
#include <vector>

#include "eval/scratch_folder.hpp"
#include <taxon/eval/coco_matches.hpp>

/// A small data set: images, categories and objects in no order, a crowd, detections of equal scores, a category
/// without objects.
namespace coco_case {

inline constexpr const char* annotations_json =
    R"({"info": {"year": 2017, "contributors": [{"id": 1}]}, "licenses": ["none"],
 "images": [{"id": 12, "file_name": "c.jpg", "width": 640, "height": 480}, {"id": 3, "file_name": "a.jpg"},
            {"id": 7, "file_name": "b.jpg"}, {"id": 40, "file_name": "d.jpg"}],
 "categories": [{"id": 9, "name": "bird", "supercategory": "animal"},
                {"id": 2, "name": "cat"}, {"id": 5, "name": "dog"}],
 "annotations": [
  {"id": 1, "image_id": 3, "category_id": 2, "bbox": [10, 10, 20, 20], "area": 400, "iscrowd": 0,
   "segmentation": [[10, 10, 30, 10, 30, 30]]},
  {"id": 2, "image_id": 3, "category_id": 2, "bbox": [100, 100, 60, 50], "area": 2900.5},
  {"id": 3, "image_id": 3, "category_id": 5, "bbox": [200, 50, 300, 200], "area": 51000, "iscrowd": 0},
  {"id": 4, "image_id": 7, "category_id": 2, "bbox": [0, 0, 200, 200], "area": 30000, "iscrowd": 1,
   "segmentation": {"counts": [5, 6], "size": [480, 640]}},
  {"id": 5, "image_id": 7, "category_id": 2, "bbox": [300, 20, 100, 100], "area": 9500},
  {"id": 6, "image_id": 12, "category_id": 5, "bbox": [5, 5, 31, 31], "area": 961},
  {"id": 7, "image_id": 12, "category_id": 5, "bbox": [8, 8, 31, 31], "area": 961}]})";

inline constexpr const char* detections_json = R"([
 {"image_id": 12, "category_id": 5, "bbox": [7, 7, 31, 31], "score": 0.5},
 {"image_id": 3, "category_id": 2, "bbox": [11, 10, 20, 20], "score": 0.9},
 {"image_id": 3, "category_id": 2, "bbox": [100, 104, 60, 50], "score": 0.5},
 {"image_id": 3, "category_id": 2, "bbox": [102, 100, 60, 50], "score": 0.5},
 {"image_id": 7, "category_id": 2, "bbox": [50, 50, 20.5, 40], "score": 0.95},
 {"image_id": 7, "category_id": 2, "bbox": [60, 150, 40, 40], "score": 0.8},
 {"image_id": 7, "category_id": 2, "bbox": [310, 25, 100, 90], "score": 0.5},
 {"image_id": 7, "category_id": 2, "bbox": [600, 25, 10, 10], "score": 0.97},
 {"image_id": 12, "category_id": 5, "bbox": [4, 4, 31, 31], "score": 0.4},
 {"image_id": 3, "category_id": 5, "bbox": [210, 60, 280, 210], "score": 0.45},
 {"image_id": 40, "category_id": 5, "bbox": [0, 0, 640, 400], "score": 0.42},
 {"image_id": 40, "category_id": 9, "bbox": [0, 0, 64, 40], "score": 0.99}])";

struct Case {
    taxon::eval::CocoAnnotations annotations;
    std::vector<std::vector<taxon::eval::CocoDetection>> detections;

    /// The matches of these images, in this order.
    taxon::eval::CocoMatches matches(const std::vector<std::size_t>& images) const {
        taxon::eval::CocoMatches made(annotations);
        for (const std::size_t image : images) made.add(annotations, image, detections[image]);
        return made;
    }
};

inline Case read() {
    const ScratchFolder folder("coco_case");
    auto annotations = taxon::eval::CocoAnnotations::read(folder.write("instances.json", annotations_json));
    auto detections = taxon::eval::read_coco_detections(folder.write("detections.json", detections_json), annotations);
    return {std::move(annotations), std::move(detections.of_images)};
}

}  // namespace coco_case
