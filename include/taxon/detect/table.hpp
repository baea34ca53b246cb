#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

/// What a detector's network makes: a row for each anchor of each cell; see taxon::Boxes. Columns: centre x, centre y,
/// width and height in pixels of the network's input; then logits of the objectness and of each class, which become
/// scores here.
namespace taxon::detect {

inline constexpr std::size_t columns_before_classes = 5;

inline float sigmoid(float t) { return 1 / (1 + std::exp(-t)); }

/// The t of which p is the sigmoid; infinite at 0 and 1 and beyond them.
inline float logit(float p) {
    if (!(p > 0)) return -std::numeric_limits<float>::infinity();
    return p < 1 ? std::log(p / (1 - p)) : std::numeric_limits<float>::infinity();
}

/// Turns all logits of a table into scores.
inline void decode_scores(std::span<float> table, std::size_t columns) {
    for (std::size_t row = 0; row + columns <= table.size(); row += columns)
        for (std::size_t c = columns_before_classes - 1; c < columns; ++c) table[row + c] = sigmoid(table[row + c]);
}

/// Calls `visit` with every row, in order and its logits made scores, that may have a class whose score times the
/// objectness exceeds the confidence: few of a table, and only theirs are sigmoids taken of. Scores of classes that
/// cannot exceed it are given as 0. Whoever visits compares what comes.
template <class Visit>
void visit_likely_rows(std::span<const float> table, std::size_t columns, float confidence, Visit visit) {
    constexpr float slack = 1e-3f;  // a logit's distance that no rounding of a sigmoid or of a product makes up for
    constexpr std::size_t objectness = columns_before_classes - 1;
    const float least = logit(confidence) - slack;
    std::vector<float> scores(columns);
    for (std::size_t first = 0; first + columns <= table.size(); first += columns) {
        const auto row = table.subspan(first, columns);
        if (row[objectness] <= least) continue;  // what is no number is shown, for suppression to refuse
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
