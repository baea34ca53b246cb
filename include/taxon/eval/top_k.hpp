#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <taxon/core/error.hpp>
#include <taxon/eval/finite_logits.hpp>

namespace taxon::eval {

/// A class and its softmax probability.
struct Ranked {
    int index = 0;
    double probability = 0;
};

/// The `k` classes with the largest logits (all, if there are fewer), in descending order, equal ones by index.
/// Probabilities are the softmax over all classes, exp(z - max) / sum of exp(z - max), in double. Throws
/// Fault::usage if k is below 1, Fault::shape for no logits, Fault::value for one that is not finite.
inline std::vector<Ranked> top_k(std::span<const float> logits, int k) {
    if (k < 1)
        throw Error(Fault::usage,
                    {.place = "top_k", .found = std::to_string(k) + " classes asked for", .wanted = "at least 1"});
    if (logits.empty())
        throw Error(Fault::shape, {.place = "top_k", .found = "no logits", .wanted = "one for each class"});
    require_finite(logits);

    std::vector<Ranked> ranked(logits.size());
    const double greatest = *std::max_element(logits.begin(), logits.end());
    double sum = 0;
    for (std::size_t i = 0; i < logits.size(); ++i) {
        ranked[i] = {static_cast<int>(i), std::exp(static_cast<double>(logits[i]) - greatest)};
        sum += ranked[i].probability;
    }
    const auto kept = std::min(static_cast<std::size_t>(k), ranked.size());
    // By logit, not by probability: far below the maximum, different logits have equal probabilities.
    const auto before = [&](const Ranked& a, const Ranked& b) {
        const float of_a = logits[static_cast<std::size_t>(a.index)], of_b = logits[static_cast<std::size_t>(b.index)];
        return of_a != of_b ? of_a > of_b : a.index < b.index;
    };
    std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(kept), ranked.end(), before);
    ranked.resize(kept);
    for (Ranked& one : ranked) one.probability /= sum;
    return ranked;
}

}  // namespace taxon::eval

namespace taxon {
using eval::top_k;
}  // namespace taxon
