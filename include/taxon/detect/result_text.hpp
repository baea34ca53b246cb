#pragma once
#include <array>
#include <charconv>
#include <span>
#include <string>

#include <taxon/detect/candidate.hpp>

namespace taxon::detect {

/// A picture's detections as text: one line each, "label score left top right bottom", the score with six decimals,
/// edges in pixels with two. Labels may contain spaces: the last five columns are the numbers. `label_of(class)` gives
/// a std::string of one line.
template <class LabelOf>
std::string result_text(std::span<const Detection> detections, LabelOf&& label_of) {
    std::string text;
    const auto append = [&](float number, int digits) {
        std::array<char, 64> spelt;  // a float has at most 39 digits before the point
        text += ' ';
        text.append(
            spelt.data(),
            std::to_chars(spelt.data(), spelt.data() + spelt.size(), number, std::chars_format::fixed, digits).ptr);
    };
    for (const auto& [box, score, label] : detections) {
        text += label_of(label);
        append(score, 6);
        for (const float edge : {box.left, box.top, box.right, box.bottom}) append(edge, 2);
        text += '\n';
    }
    return text;
}

}  // namespace taxon::detect
