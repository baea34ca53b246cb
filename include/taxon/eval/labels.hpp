#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <taxon/io/text_lines.hpp>

namespace taxon::eval {

/// Reads a model's class names, one per line, in the order of its logits. Throws as `read_lines` does, Fault::syntax
/// for an empty line, Fault::missing for an empty file, Fault::mismatch if there are not `classes` lines.
inline std::vector<std::string> read_labels(const std::filesystem::path& path,
                                            std::optional<int> classes = std::nullopt) {
    auto labels = read_lines(path);
    if (labels.empty())
        throw Error(Fault::missing,
                    {.file = path.string(), .found = "an empty file", .wanted = "a line for each class"});
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (labels[i].empty())
            throw Error(Fault::syntax, {.file = path.string(),
                                        .place = line_place(i),
                                        .found = "an empty line",
                                        .wanted = "the name of a class"});
    if (classes && labels.size() != static_cast<std::size_t>(*classes))
        throw Error(Fault::mismatch, {.file = path.string(),
                                      .found = std::to_string(labels.size()) + " lines",
                                      .wanted = std::to_string(*classes) + ", one for each class",
                                      .remedy = "name the labels that belong to the model"});
    return labels;
}

}  // namespace taxon::eval
