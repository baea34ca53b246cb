#pragma once
#include <string_view>
#include <taxon/core/text.hpp>

namespace taxon::app {

/// The file of class names that a program was built with, of a line each, and how many they are. None here.
struct NoLabels {
    static constexpr std::string_view file{};
    static constexpr int lines = 0;
};

/// What is wrong with such a file for a network of so many classes; empty if nothing is.
template <class Labels>
constexpr Text<512> labels_problem(int classes) {
    Text<512> problem;
    if (Labels::lines == classes || Labels::file.empty()) return problem;
    return problem << "LABELS " << Labels::file << ": found " << Labels::lines << " lines, wanted " << classes
                   << ", one for each class of the network";
}

}  // namespace taxon::app
