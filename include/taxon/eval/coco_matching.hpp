#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <taxon/eval/coco_annotations.hpp>
#include <taxon/eval/coco_detections.hpp>

namespace taxon::eval {

/// IoU thresholds: numpy.linspace(0.5, 0.95, 10) to the last bit. Computed at compile time, where no compiler contracts
/// a product and a sum.
inline constexpr auto coco_overlaps = [] {
    std::array<double, 10> overlaps{};
    constexpr double first = 0.5, last = 0.95, step = (last - first) / 9;
    for (std::size_t i = 0; i < overlaps.size(); ++i) overlaps[i] = static_cast<double>(i) * step + first;
    overlaps.back() = last;
    return overlaps;
}();

/// Area ranges of objects in pixels; an object outside a range is ignored there, like a crowd.
struct CocoAreas {
    double least, most;
    constexpr bool holds(double area) const { return !(area < least || area > most); }
};
// all, small, medium, large
inline constexpr std::array<CocoAreas, 4> coco_areas{{{0, 1e10}, {0, 32 * 32}, {32 * 32, 96 * 96}, {96 * 96, 1e10}}};

/// The number of detections considered per image and category.
inline constexpr std::size_t most_coco_detections = 100;

/// The outcome of a detection: per area range, one bit per IoU threshold. A detection that matched an ignored object,
/// or is itself out of range and unmatched, is neither right nor wrong.
struct CocoOutcome {
    std::array<std::uint16_t, 4> right{}, wrong{};
    friend bool operator==(const CocoOutcome&, const CocoOutcome&) = default;
};

/// A detection of one category in an image: its score and outcome.
struct CocoMatch {
    double score = 0;
    CocoOutcome outcome{};
};

/// Intersection over union; over the detection's own area if the object is a crowd.
inline double coco_overlap(const CocoBox& detection, const CocoObject& object) {
    const CocoBox& box = object.box;
    const double width =
        std::min(detection.left + detection.width, box.left + box.width) - std::max(detection.left, box.left);
    const double height =
        std::min(detection.top + detection.height, box.top + box.height) - std::max(detection.top, box.top);
    if (width <= 0 || height <= 0) return 0;
    const double shared = width * height;
    return shared / (object.crowd ? detection.area() : detection.area() + box.area() - shared);
}

/// Matches the detections of one category in one image with its objects, as pycocotools does: best scores first, each
/// takes the free object with the highest IoU, the last of equal ones; ignored objects only if no other matches; crowds
/// any number of times. `detections` are sorted here, equal scores in their original order. The result is in the sorted
/// order and has at most 100 detections. pycocotools treats an object whose id is 0 as none; here it counts like any
/// other.
inline std::vector<CocoMatch> match_coco(std::span<const CocoObject> objects, std::vector<CocoDetection> detections) {
    std::stable_sort(detections.begin(), detections.end(),
                     [](const CocoDetection& a, const CocoDetection& b) { return a.score > b.score; });
    detections.resize(std::min(detections.size(), most_coco_detections));
    std::vector<double> overlaps;
    for (const CocoDetection& one : detections)
        for (const CocoObject& object : objects) overlaps.push_back(coco_overlap(one.box, object));

    std::vector<CocoMatch> matches(detections.size());
    for (std::size_t i = 0; i < matches.size(); ++i) matches[i].score = detections[i].score;
    std::vector<std::size_t> order(objects.size());  // those that are not ignored first
    std::vector<bool> taken(objects.size());
    for (std::size_t range = 0; range < coco_areas.size(); ++range) {
        const auto asked_for = [&](std::size_t object) {
            return !objects[object].crowd && coco_areas[range].holds(objects[object].area);
        };
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        std::stable_partition(order.begin(), order.end(), asked_for);
        for (std::size_t threshold = 0; threshold < coco_overlaps.size(); ++threshold) {
            std::fill(taken.begin(), taken.end(), false);
            for (std::size_t i = 0; i < detections.size(); ++i) {
                constexpr double nearly_one = 1 - 1e-10;
                constexpr auto none = static_cast<std::size_t>(-1);
                double most = std::min(coco_overlaps[threshold], nearly_one);
                std::size_t found = none;
                for (const std::size_t object : order) {
                    if (taken[object] && !objects[object].crowd) continue;
                    if (found != none && asked_for(found) && !asked_for(object)) break;
                    if (const double overlap = overlaps[i * objects.size() + object]; overlap >= most) {
                        most = overlap;
                        found = object;
                    }
                }
                if (found != none) taken[found] = true;
                const bool counts =
                    found != none ? asked_for(found) : coco_areas[range].holds(detections[i].box.area());
                if (!counts) continue;
                auto& bits = found != none ? matches[i].outcome.right : matches[i].outcome.wrong;
                bits[range] = static_cast<std::uint16_t>(bits[range] | 1u << threshold);
            }
        }
    }
    return matches;
}

}  // namespace taxon::eval
