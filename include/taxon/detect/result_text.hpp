#pragma once
#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string>

#include <taxon/detect/candidate.hpp>

namespace taxon::detect {

/// A picture's detections as text: one line each of label, score, left, top, right and bottom with a tab between, the
/// score with six decimals, edges in pixels with two. `label_of(class)` gives a std::string of one line; a tab in it
/// becomes a space.
template <class LabelOf>
std::string result_text(std::span<const Detection> detections, LabelOf&& label_of) {
    std::string text;
    const auto append = [&](float number, int digits) {
        std::array<char, 64> spelt;  // a float has at most 39 digits before the point
        text += '\t';
        text.append(
            spelt.data(),
            std::to_chars(spelt.data(), spelt.data() + spelt.size(), number, std::chars_format::fixed, digits).ptr);
    };
    for (const auto& [box, score, label] : detections) {
        std::string name = label_of(label);
        std::replace(name.begin(), name.end(), '\t', ' ');
        text += name;
        append(score, 6);
        for (const float edge : {box.left, box.top, box.right, box.bottom}) append(edge, 2);
        text += '\n';
    }
    return text;
}

}  // namespace taxon::detect
