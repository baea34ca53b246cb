#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <tuple>
#include <vector>

#include <taxon/core/error.hpp>
#include <taxon/detect/candidate.hpp>
#include <taxon/detect/profile.hpp>

namespace taxon::detect {

/// The number of candidates considered per picture, highest scores first. Only a network that is certain of nothing
/// produces more.
inline constexpr std::size_t most_candidates = 30'000;

namespace detail {

inline void check_candidate(const Candidate& one) {
    const auto& [left, top, right, bottom] = one.box;
    if (std::isfinite(one.score) && std::isfinite(left) && std::isfinite(top) && std::isfinite(right) &&
        std::isfinite(bottom) && one.label >= 0)
        return;
    throw Error(Fault::value,
                {.place = "candidate of class " + std::to_string(one.label),
                 .found = "score " + std::to_string(one.score) + ", box " + std::to_string(left) + ", " +
                          std::to_string(top) + ", " + std::to_string(right) + ", " + std::to_string(bottom),
                 .wanted = "finite numbers",
                 .remedy = "check the weights and the input"});
}

/// Descending by score, then by class and position, so that the result does not depend on the order of candidates.
inline bool goes_before(const Candidate& a, const Candidate& b) {
    const auto rest = [](const Candidate& one) {
        return std::tuple(one.label, one.box.left, one.box.top, one.box.right, one.box.bottom);
    };
    return a.score != b.score ? a.score > b.score : rest(a) < rest(b);
}

/// The reference offsets boxes by class and then compares all with all. Here only those of one class are compared, but
/// edges are rounded as there, to 1/16 pixel for class 79: without that, 16 of 14,721 boxes kept in 66 pictures would
/// differ.
inline Box moved_by_class(const Candidate& one) {
    const float offset = static_cast<float>(one.label) * 7680.0f;
    return {one.box.left + offset, one.box.top + offset, one.box.right + offset, one.box.bottom + offset};
}

}  // namespace detail

/// Non-maximum suppression: the candidates that no better one of their class overlaps by more than `profile.overlap`,
/// best first, at most `profile.most`. Keeps the boxes of the YOLOv5 reference, except for the order of equal scores,
/// which it leaves open. Throws Fault::value for a score or box that is not finite, or a class below 0.
inline std::vector<Detection> non_maximum_suppression(std::vector<Candidate> candidates, const Profile& profile) {
    int classes = 0;
    for (const Candidate& one : candidates) {
        detail::check_candidate(one);
        classes = std::max(classes, one.label + 1);
    }
    if (candidates.size() > most_candidates) {
        std::nth_element(candidates.begin(), candidates.begin() + most_candidates, candidates.end(),
                         detail::goes_before);
        candidates.resize(most_candidates);
    }
    std::sort(candidates.begin(), candidates.end(), detail::goes_before);

    struct Kept {
        Box moved;
        int previous;  // the previous kept one of its class
    };
    constexpr int none = -1;
    std::vector<Detection> kept;
    std::vector<Kept> boxes;
    std::vector<int> latest(static_cast<std::size_t>(classes), none);
    for (const Candidate& one : candidates) {
        if (kept.size() >= static_cast<std::size_t>(profile.most)) break;
        const Box moved = detail::moved_by_class(one);
        int& of_class = latest[static_cast<std::size_t>(one.label)];
        const auto box = [&](int index) -> const Kept& { return boxes[static_cast<std::size_t>(index)]; };
        int better = of_class;
        while (better != none && !(overlap(box(better).moved, moved) > profile.overlap)) better = box(better).previous;
        if (better != none) continue;
        boxes.push_back({moved, of_class});
        of_class = static_cast<int>(kept.size());
        kept.push_back(one);
    }
    return kept;
}

}  // namespace taxon::detect
