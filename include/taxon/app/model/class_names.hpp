#pragma once
#include <string>
#include <taxon/app/console/console.hpp>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/core/error.hpp>
#include <taxon/eval/labels.hpp>
#include <vector>

namespace taxon::app {

/// Class names; a class without a name, or with an empty one, is shown by its number.
class ClassNames {
  public:
    ClassNames() = default;
    explicit ClassNames(std::vector<std::string> names) : names_(std::move(names)) {}
    bool empty() const { return names_.empty(); }
    std::size_t size() const { return names_.size(); }
    std::string of(int index) const {
        const auto place = static_cast<std::size_t>(index);
        return place < names_.size() && !names_[place].empty() ? printable(names_[place]) : std::to_string(index);
    }
    /// All names as they are shown.
    std::vector<std::string> list() const {
        std::vector<std::string> all;
        for (std::size_t i = 0; i < size(); ++i) all.push_back(of(static_cast<int>(i)));
        return all;
    }

  private:
    std::vector<std::string> names_;
};

/// The names in the labels file, or those of the embedded variant, or none. Throws Fault::usage unless a file has one
/// line per class, Fault::mismatch unless the program has one name per class.
inline ClassNames class_names(const Family& family, const ModelEntry& entry, const std::string& labels_file,
                              std::size_t classes) {
    if (labels_file.empty()) {
        const auto known = family.embedded_labels;
        if (known.empty() || entry.variant != family.embedded_variant) return {};
        if (known.size() != classes)
            throw Error(Fault::mismatch, {.file = std::string(family.name),
                                          .place = "the names of classes in this program",
                                          .found = std::to_string(known.size()),
                                          .wanted = std::to_string(classes) + ", one for each class of variant " +
                                                    std::string(entry.variant),
                                          .remedy = "name them with --labels"});
        return ClassNames({known.begin(), known.end()});
    }
    ClassNames names(eval::read_labels(labels_file));
    if (names.size() != classes)
        throw Error(Fault::usage, {.file = labels_file,
                                   .place = "--labels",
                                   .found = std::to_string(names.size()) + " lines",
                                   .wanted = std::to_string(classes) + ", one for each class of variant " +
                                             std::string(entry.variant)});
    return names;
}

/// The same for a network whose output is one number per class.
inline ClassNames class_names(const Family& family, const ModelEntry& entry, const std::string& labels_file) {
    return class_names(family, entry, labels_file, static_cast<std::size_t>(entry.output.size()));
}

}  // namespace taxon::app
