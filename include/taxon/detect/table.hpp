#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

/// The table a detector's network produces: a row for each anchor of each cell; see taxon::Boxes. Columns: centre x,
/// centre y, width and height in pixels of the network's input; then logits of the objectness and of each class,
/// decoded to scores here.
namespace taxon::detect {

inline constexpr std::size_t columns_before_classes = 5;

/// In double, so that the exponentials of all C libraries give the same float: mingw's and glibc's differ in the last
/// bit.
inline float sigmoid(float t) { return static_cast<float>(1 / (1 + std::exp(-double{t}))); }

/// Inverse of the sigmoid; infinite at 0 and 1 and beyond.
inline float logit(float p) {
    if (!(p > 0)) return -std::numeric_limits<float>::infinity();
    return p < 1 ? std::log(p / (1 - p)) : std::numeric_limits<float>::infinity();
}

/// Decodes all logits of a table to scores.
inline void decode_scores(std::span<float> table, std::size_t columns) {
    for (std::size_t row = 0; row + columns <= table.size(); row += columns)
        for (std::size_t c = columns_before_classes - 1; c < columns; ++c) table[row + c] = sigmoid(table[row + c]);
}

/// Calls `visit` in order with every row, logits decoded, that may have a class whose score times the objectness
/// exceeds the confidence: few of a table, so few sigmoids are computed. Classes that cannot exceed it get score 0. The
/// final comparison is up to `visit`.
template <class Visit>
void visit_likely_rows(std::span<const float> table, std::size_t columns, float confidence, Visit visit) {
    constexpr float slack = 1e-3f;  // a margin in logits that exceeds any rounding of a sigmoid or a product
    constexpr std::size_t objectness = columns_before_classes - 1;
    const float least = logit(confidence) - slack;
    std::vector<float> scores(columns);
    for (std::size_t first = 0; first + columns <= table.size(); first += columns) {
        const auto row = table.subspan(first, columns);
        if (row[objectness] <= least) continue;  // NaN passes, for suppression to reject
        std::copy_n(row.begin(), objectness, scores.begin());
        scores[objectness] = sigmoid(row[objectness]);
        const float least_class = logit(confidence / scores[objectness]) - slack;
        bool likely = false;
        for (std::size_t c = columns_before_classes; c < columns; ++c) {
            const bool may_exceed = !(row[c] <= least_class);
            scores[c] = may_exceed ? sigmoid(row[c]) : 0;
            likely |= may_exceed;
        }
        if (likely) visit(std::span<const float>(scores));
    }
}

}  // namespace taxon::detect
