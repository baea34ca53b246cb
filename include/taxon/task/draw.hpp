#pragma once
#include <algorithm>
#include <span>
#include <string>
#include <taxon/core/image.hpp>
#include <taxon/detect/drawing.hpp>
#include <taxon/task/detect.hpp>
#include <taxon/task/prediction.hpp>
#include <vector>

namespace taxon::task {

/// Draws each object's box, and on top of all boxes its label and score, the highest score last.
inline void draw(Image& picture, std::span<const DetectedObject> objects) {
    std::vector<taxon::detect::Detection> detections;
    for (const auto& [label, score, box, index] : objects) detections.push_back({box, score, index});
    taxon::detect::draw(picture, std::span<const taxon::detect::Detection>(detections),
                        [&](int index) { return std::ranges::find(objects, index, &DetectedObject::index)->label; });
}

/// Draws a predicted class and its probability into the picture's upper left corner.
inline void draw(Image& picture, const Prediction& prediction) {
    taxon::detect::draw_class(picture, prediction.index, static_cast<float>(prediction.probability), prediction.label);
}

}  // namespace taxon::task
