#pragma once
#include <filesystem>
#include <string>
#include <taxon/app/model/class_names.hpp>
#include <taxon/app/model/requested_model.hpp>
#include <taxon/eval/glue.hpp>
#include <taxon/io/folder_layout.hpp>
#include <taxon/io/model_config.hpp>
#include <vector>

namespace taxon::app {

namespace detail {

/// The field id2label of a folder's config.json, unless its names are only numbers ("LABEL_0"); empty if there is none.
inline std::vector<std::string> labels_of_config(const std::string& weights, std::size_t classes) {
    std::error_code ignored;
    const std::filesystem::path given(weights),
        path =
            (std::filesystem::is_directory(given, ignored) ? given : given.parent_path()) / io::folder_layout::config;
    if (!std::filesystem::exists(given, ignored) || !std::filesystem::is_regular_file(path, ignored)) return {};
    std::vector<std::string> names;
    try {
        const auto config = io::ModelConfig::read(path);
        for (std::size_t i = 0; i < classes; ++i) {
            auto name = config->label(i);
            if (!name || *name == "LABEL_" + std::to_string(i)) return {};
            names.push_back(*std::move(name));
        }
    } catch (const Error&) { return {}; }  // told where it is checked against the network
    return names;
}

}  // namespace detail

/// The names in --labels, else those in the offline file, else the task's, else those in the config.json beside the
/// weights, else none. Throws as class_names does.
inline ClassNames text_class_names(const std::string& labels_file, const std::string& task, const ModelOptions& options,
                                   const RequestedModel& model) {
    ClassNames names = model.names(labels_file);
    if (!names.empty()) return names;
    const auto classes = static_cast<std::size_t>(model.entry().output.size());
    if (!task.empty() && classes == 2) {
        const auto& known = eval::glue_task(task).classes;
        return ClassNames({known.begin(), known.end()});
    }
    return ClassNames(detail::labels_of_config(options.weights, classes));
}

}  // namespace taxon::app
