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
/// order and has at most 100 detections, so work and memory are linear in the objects. pycocotools treats an object
/// whose id is 0 as none; here it counts like any other.
inline std::vector<CocoMatch> match_coco(std::span<const CocoObject> objects, std::vector<CocoDetection> detections) {
    std::stable_sort(detections.begin(), detections.end(),
                     [](const CocoDetection& a, const CocoDetection& b) { return a.score > b.score; });
    detections.resize(std::min(detections.size(), most_coco_detections));
    std::vector<CocoMatch> matches(detections.size());
    struct Candidate {
        std::size_t object;
        double overlap;
    };
    std::vector<Candidate> candidates;  // of one detection: objects that some threshold allows
    constexpr std::size_t thresholds = coco_overlaps.size(), none = static_cast<std::size_t>(-1);
    // a bit for each range and threshold, where each has its own greedy assignment
    std::vector<std::uint64_t> taken(objects.size());
    for (std::size_t i = 0; i < matches.size(); ++i) {
        matches[i].score = detections[i].score;
        candidates.clear();
        for (std::size_t object = 0; object < objects.size(); ++object)
            if (const double overlap = coco_overlap(detections[i].box, objects[object]); overlap >= coco_overlaps[0])
                candidates.push_back({object, overlap});
        for (std::size_t range = 0; range < coco_areas.size(); ++range) {
            const auto asked_for = [&](std::size_t object) {
                return !objects[object].crowd && coco_areas[range].holds(objects[object].area);
            };
            for (std::size_t threshold = 0; threshold < thresholds; ++threshold) {
                constexpr double nearly_one = 1 - 1e-10;
                const std::uint64_t bit = std::uint64_t{1} << (range * thresholds + threshold);
                std::size_t found = none;
                for (const bool ignored : {false, true}) {  // an ignored one only if no other matches
                    double most = std::min(coco_overlaps[threshold], nearly_one);
                    for (const auto& [object, overlap] : candidates)
                        if (overlap >= most && asked_for(object) != ignored &&
                            ((taken[object] & bit) == 0 || objects[object].crowd))
                            most = overlap, found = object;
                    if (found != none) break;
                }
                if (found != none) taken[found] |= bit;
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
