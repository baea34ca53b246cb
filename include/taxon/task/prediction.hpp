#pragma once
#include <span>
#include <string>
#include <taxon/core/error.hpp>
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
/// the logits; and Fault::usage for a single number, which is a regression and no class.
inline std::vector<Prediction> predictions(std::span<const float> logits, int top, const ClassLabels& labels) {
    if (logits.size() == 1)
        throw Error(Fault::usage, {.place = "classes",
                                   .found = "a network of one number, a regression",
                                   .wanted = "at least two classes",
                                   .remedy = "call the model itself, which gives the number"});
    std::vector<Prediction> best;
    for (const auto& [index, probability] : eval::top_k(logits, top))
        best.push_back({labels.of(index), probability, index});
    return best;
}

}  // namespace taxon::task
