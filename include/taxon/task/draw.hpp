#pragma once
#include <algorithm>
#include <span>
#include <string>
#include <taxon/core/image.hpp>
#include <taxon/detect/drawing.hpp>
#include <taxon/task/detect.hpp>
#include <vector>

namespace taxon::task {

/// Draws each object's box, and on top of all boxes its label and score, the highest score last.
inline void draw(Image& picture, std::span<const DetectedObject> objects) {
    std::vector<taxon::detect::Detection> detections;
    for (const auto& [label, score, box, index] : objects) detections.push_back({box, score, index});
    taxon::detect::draw(picture, std::span<const taxon::detect::Detection>(detections),
                        [&](int index) { return std::ranges::find(objects, index, &DetectedObject::index)->label; });
}

}  // namespace taxon::task
