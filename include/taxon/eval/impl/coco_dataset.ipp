#pragma once
#include <algorithm>
#include <set>
#include <string>
#include <system_error>
#include <utility>

#include <taxon/core/error.hpp>
#include <taxon/core/path.hpp>
#include <taxon/eval/coco_annotations.hpp>
#include <taxon/eval/coco_dataset.hpp>
#include <taxon/preprocess/picture_name.hpp>

namespace taxon::eval {

TAXON_DECL Dataset read_coco_dataset(const std::filesystem::path& folder, const CocoAnnotations& annotations) {
    const auto refuse = [&](Fault fault, std::string_view found, std::string_view wanted,
                            std::string_view remedy = {}) {
        throw Error(fault, {.file = folder.string(), .found = found, .wanted = wanted, .remedy = remedy});
    };
    const auto in_folder = detail::sorted_entries(folder);
    Dataset dataset;
    std::set<std::filesystem::path> annotated;
    std::string missing;
    std::size_t missing_count = 0;
    for (std::size_t i = 0; i < annotations.images().size(); ++i) {
        const std::filesystem::path name = path_of(annotations.images()[i].file);
        if (name.has_root_path() || std::find(name.begin(), name.end(), "..") != name.end())
            refuse(Fault::path, "the annotated file name \"" + name.string() + "\"", "one below this folder");
        std::error_code ignored;
        auto file = folder / name;
        if (!std::filesystem::is_regular_file(file, ignored)) file = folder / name.filename();
        if (!std::filesystem::is_regular_file(file, ignored)) {
            if (missing_count++ == 0) missing = name.string();
            continue;
        }
        file = file.lexically_normal();
        if (!annotated.insert(file).second)
            refuse(Fault::duplicate, "two annotated images of the file \"" + file.filename().string() + "\"",
                   "a picture for each", "name the folder above the annotations' own folders");
        dataset.pictures.push_back({std::move(file), static_cast<int>(i)});
    }
    if (missing_count > 0)
        refuse(
            Fault::missing,
            "no picture \"" + missing + "\"" +
                (missing_count > 1 ? " and " + std::to_string(missing_count - 1) + " others" : ""),
            "all " + std::to_string(annotations.images().size()) + " pictures of the annotations",
            "name the pictures' folder, and annotations of exactly these pictures: objects in missing pictures would "
            "count as missed");
    const auto name = [&](const LabelledPicture& picture) -> const std::string& {
        return annotations.images()[static_cast<std::size_t>(picture.label)].file;
    };
    std::sort(dataset.pictures.begin(), dataset.pictures.end(),
              [&](const auto& a, const auto& b) { return name(a) < name(b); });
    for (const auto& entry : in_folder) {
        std::error_code unreadable;
        dataset.ignored +=
            !std::filesystem::is_directory(entry, unreadable) && !annotated.contains(entry.lexically_normal());
    }
    return dataset;
}

}  // namespace taxon::eval
