#pragma once
#include <span>
#include <string>
#include <taxon/eval/top_k.hpp>
#include <taxon/task/class_labels.hpp>
#include <vector>

namespace taxon::task {

/// A predicted class: its label, its softmax probability, and its number, counted from 0.
struct Prediction {
    std::string label;
    double probability = 0;
    int index = 0;
    friend bool operator==(const Prediction&, const Prediction&) = default;
};

/// The `top` most likely classes, in descending order. Throws as eval::top_k does: Fault::value for NaN or infinity in
/// the logits.
inline std::vector<Prediction> predictions(std::span<const float> logits, int top, const ClassLabels& labels) {
    std::vector<Prediction> best;
    for (const auto& [index, probability] : eval::top_k(logits, top))
        best.push_back({labels.of(index), probability, index});
    return best;
}

}  // namespace taxon::task
