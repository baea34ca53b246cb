#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <taxon/core/error.hpp>

namespace taxon::task {

/// Labels of a network's classes; a class without one, or with an empty one, is named by its number. Refers to the
/// strings.
class ClassLabels {
  public:
    /// Throws Fault::mismatch unless there are none or one per class.
    ClassLabels(std::span<const std::string> labels, int classes) : labels_(labels) {
        if (!labels.empty() && labels.size() != static_cast<std::size_t>(classes))
            throw Error(Fault::mismatch, {.place = "labels",
                                          .found = std::to_string(labels.size()),
                                          .wanted = std::to_string(classes) + ", one for each class",
                                          .remedy = "give the labels that belong to the model, or none"});
    }

    std::string of(int index) const {
        const auto place = static_cast<std::size_t>(index);
        return labels_.empty() || labels_[place].empty() ? std::to_string(index) : labels_[place];
    }

  private:
    std::span<const std::string> labels_;
};

}  // namespace taxon::task
