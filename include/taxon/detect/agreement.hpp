#pragma once
#include <algorithm>
#include <span>
#include <vector>

#include <taxon/detect/candidate.hpp>

namespace taxon::detect {

/// Two lists of detections of the same pictures, compared: their boxes, and the pairs that are the same object.
struct Agreement {
    std::size_t boxes = 0, others = 0, pairs = 0;

    /// The fraction of both lists' boxes without a partner, 0 to 1; 0 where there are no boxes.
    double different() const {
        const std::size_t all = boxes + others;
        return all == 0 ? 0 : static_cast<double>(all - 2 * pairs) / static_cast<double>(all);
    }
};

/// Adds one picture's detections, each list best first. A box pairs with the free one of its class that it overlaps
/// most, by an intersection over union of at least one half.
inline void add(Agreement& agreement, std::span<const Detection> boxes, std::span<const Detection> others) {
    constexpr float least = 0.5f;
    std::vector<bool> taken(others.size());
    for (const Detection& one : boxes) {
        std::size_t best = others.size();
        float most = least;
        for (std::size_t i = 0; i < others.size(); ++i) {
            if (taken[i] || others[i].label != one.label) continue;
            if (const float shared = overlap(one.box, others[i].box); shared >= most) most = shared, best = i;
        }
        if (best == others.size()) continue;
        taken[best] = true;
        ++agreement.pairs;
    }
    agreement.boxes += boxes.size(), agreement.others += others.size();
}

}  // namespace taxon::detect
