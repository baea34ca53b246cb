#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include <taxon/core/shape.hpp>
#include <taxon/detect/table.hpp>

namespace taxon::detect {

/// What the networks of published detectors give, instead of a table; their scores are from 0 to 1. Each function makes
/// a table of `output`, (5 + classes) columns, of one sample, whose picture has the shape `input`.
namespace detail {

/// The logit of a score; finite, so that a table that is not is a broken network's.
inline float bounded_logit(float score) {
    return score > 0 || score <= 0 ? std::clamp(logit(score), -88.f, 88.f) : score;
}

}  // namespace detail

/// The rows of a YOLOX of this input size and strides 8, 16 and 32.
constexpr int yolox_rows(int height, int width) {
    int rows = 0;
    for (const int stride : {8, 16, 32}) rows += (height / stride) * (width / stride);
    return rows;
}

/// YOLOX: rows like a table's, but boxes in units of a cell, stride by stride, then y, then x (its demo_postprocess).
inline void decode_yolox(std::span<const float> rows, Shape input, Shape output, std::span<float> table) {
    const auto columns = static_cast<std::size_t>(output.channels);
    const int height = input.height, width = input.width;
    std::size_t at = 0;
    for (const int stride : {8, 16, 32})
        for (int y = 0; y < height / stride; ++y)
            for (int x = 0; x < width / stride; ++x, at += columns) {
                const auto step = static_cast<float>(stride);
                table[at] = (rows[at] + static_cast<float>(x)) * step;
                table[at + 1] = (rows[at + 1] + static_cast<float>(y)) * step;
                table[at + 2] = static_cast<float>(std::exp(double{rows[at + 2]}) * stride);
                table[at + 3] = static_cast<float>(std::exp(double{rows[at + 3]}) * stride);
                for (std::size_t c = 4; c < columns; ++c) table[at + c] = detail::bounded_logit(rows[at + c]);
            }
}

/// YOLOv8 and later: columns of each box's centre and size in pixels, then of a score per class, without objectness.
inline void decode_yolov8(std::span<const float> numbers, Shape, Shape output, std::span<float> table) {
    const auto columns = static_cast<std::size_t>(output.channels), boxes = static_cast<std::size_t>(output.height);
    for (std::size_t box = 0; box < boxes; ++box) {
        const auto row = table.subspan(box * columns, columns);
        for (std::size_t c = 0; c < 4; ++c) row[c] = numbers[c * boxes + box];
        row[4] = detail::bounded_logit(1);
        for (std::size_t c = columns_before_classes; c < columns; ++c)
            row[c] = detail::bounded_logit(numbers[(c - 1) * boxes + box]);
    }
}

}  // namespace taxon::detect
