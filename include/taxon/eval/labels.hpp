#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <taxon/io/text_lines.hpp>

namespace taxon::eval {

/// Reads a model's class names, one per line, in the order of its logits. Throws as `for_each_line_of` does,
/// Fault::syntax for an empty line, ::limit for a longer name than limits.name_bytes or more than limits.class_names,
/// ::missing for an empty file, ::mismatch if there are not `classes` lines.
inline std::vector<std::string> read_labels(const std::filesystem::path& path,
                                            std::optional<int> classes = std::nullopt, const Limits& limits = {}) {
    std::vector<std::string> labels;
    const auto see = [&](std::size_t index, std::string_view line) {
        const auto refuse = [&](Fault fault, std::string found, std::string wanted) {
            throw Error(fault,
                        {.place = io::line_place(index), .found = std::move(found), .wanted = std::move(wanted)});
        };
        if (line.empty()) refuse(Fault::syntax, "an empty line", "the name of a class");
        if (line.size() > limits.name_bytes)
            refuse(Fault::limit, std::to_string(line.size()) + " bytes",
                   "the name of a class, of at most " + std::to_string(limits.name_bytes));
        if (labels.size() == limits.class_names)
            refuse(Fault::limit, "one more class", "at most " + std::to_string(limits.class_names));
        labels.emplace_back(line);
    };
    io::for_each_line_of(path, see, limits);
    if (labels.empty())
        throw Error(Fault::missing,
                    {.file = path.string(), .found = "an empty file", .wanted = "a line for each class"});
    if (classes && labels.size() != static_cast<std::size_t>(*classes))
        throw Error(Fault::mismatch, {.file = path.string(),
                                      .found = std::to_string(labels.size()) + " lines",
                                      .wanted = std::to_string(*classes) + ", one for each class",
                                      .remedy = "name the labels that belong to the model"});
    return labels;
}

}  // namespace taxon::eval
