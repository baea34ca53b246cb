#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <taxon/detect/box.hpp>
#include <taxon/detect/profile.hpp>

namespace taxon::detect {

/// A candidate detection: a box, its score (objectness times class score) and its class.
struct Candidate {
    Box box;
    float score = 0;
    int label = 0;  ///< the class, counted from 0
    friend bool operator==(const Candidate&, const Candidate&) = default;
};

/// A candidate kept by suppression.
using Detection = Candidate;

/// Adds the candidates of a decoded row (centre x, centre y, width, height, objectness, a score per class) above the
/// profile's confidence: its best class (the first of equal ones) or every class in ascending order. A NaN score is
/// added too, for suppression to reject: a broken network must not look like one that sees nothing.
inline void add_candidates(std::span<const float> row, const Profile& profile, std::vector<Candidate>& candidates) {
    constexpr std::size_t before_classes = 5;
    const float objectness = row[4];
    if (objectness <= profile.confidence) return;  // class scores are at most one; most rows end here
    const Box box = box_around(row[0], row[1], row[2], row[3]);
    const auto classes = row.subspan(before_classes);
    const auto add = [&](std::size_t label) {
        if (const float score = objectness * classes[label]; !(score <= profile.confidence))
            candidates.push_back({box, score, static_cast<int>(label)});
    };
    if (profile.every_class)
        for (std::size_t label = 0; label < classes.size(); ++label) add(label);
    else
        add(static_cast<std::size_t>(
            std::max_element(classes.begin(), classes.end(),
                             [](float a, float b) { return a < b || (std::isnan(b) && !std::isnan(a)); }) -
            classes.begin()));
}

}  // namespace taxon::detect
