#pragma once
#include <array>
#include <charconv>
#include <span>
#include <string>
#include <taxon/app/model/class_names.hpp>
#include <taxon/app/console/json.hpp>
#include <taxon/detect/candidate.hpp>

namespace taxon::app {

namespace detail {

/// The double with the float's shortest decimal form: 0.1, not 0.10000000149011612.
inline double as_spelt(float number) {
    std::array<char, 64> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    double spelt = 0;
    std::from_chars(digits.data(), end, spelt);
    return spelt;
}

}  // namespace detail

/// A picture and its detections: file, width, height, detections of label, class, score and box (left, top, right,
/// bottom in pixels).
inline Json json_of(const std::string& file, int height, int width, std::span<const detect::Detection> detections,
                    const ClassNames& names) {
    Json list = Json::array();
    for (const auto& [box, score, label] : detections)
        list.push_back(json_object({{"label", names.of(label)},
                                    {"class", label},
                                    {"score", detail::as_spelt(score)},
                                    {"box",
                                     {detail::as_spelt(box.left), detail::as_spelt(box.top),
                                      detail::as_spelt(box.right), detail::as_spelt(box.bottom)}}}));
    return json_object({{"file", file}, {"width", width}, {"height", height}, {"detections", std::move(list)}});
}

}  // namespace taxon::app
