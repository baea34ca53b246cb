#pragma once
#include <taxon/layer/boxes.hpp>

/// The boxes of a small YOLOv5: three anchors, which `anchors` may override, and two classes: 21 channels.
constexpr taxon::detail::BoxHead two_class_head(int anchors) {
    return {.classes = 2,
            .stride = 8,
            .code = taxon::BoxCode::yolov5,
            .anchors = {10, 13, 16, 30, 33, 23},
            .count = 3,
            .parameter = anchors};
}
