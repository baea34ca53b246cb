#pragma once
#include <span>
#include <string>
#include <taxon/eval/top_k.hpp>
#include <taxon/task/class_labels.hpp>
#include <vector>

namespace taxon::task {

/// A class that a network predicts: its label, its softmax probability, and its number, counted from 0.
struct Prediction {
    std::string label;
    double probability = 0;
    int index = 0;
    friend bool operator==(const Prediction&, const Prediction&) = default;
};

/// The `top` likeliest classes, likeliest first. Throws as eval::top_k does: Fault::value for logits that are no
/// numbers.
inline std::vector<Prediction> predictions(std::span<const float> logits, int top, const ClassLabels& labels) {
    std::vector<Prediction> best;
    for (const auto& [index, probability] : eval::top_k(logits, top))
        best.push_back({labels.of(index), probability, index});
    return best;
}

}  // namespace taxon::task
