#pragma once
#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

namespace taxon {

/// A line of collapsed stacks, which flamegraph.pl, inferno and speedscope.app read: the root, the parts of a layer's
/// dotted name and what ran, "small;features;0;0;convolution 110000", and its nanoseconds.
inline std::string collapsed_stack(std::string_view root, std::string_view layer, std::string_view leaf,
                                   double seconds) {
    const auto frame = [](std::string_view name) {
        std::string text(name);
        std::replace(text.begin(), text.end(), ';', ':');
        std::replace(text.begin(), text.end(), '\n', ' ');
        return text;
    };
    std::string frames(layer);
    frames = frame(frames);
    std::replace(frames.begin(), frames.end(), '.', ';');
    return frame(root) + (frames.empty() ? "" : ";" + frames) + ";" + frame(leaf) + " " +
           std::to_string(std::llround(seconds * 1e9)) + "\n";
}

}  // namespace taxon
