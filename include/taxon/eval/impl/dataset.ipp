#pragma once
#include <algorithm>
#include <charconv>
#include <range/v3/view/enumerate.hpp>
#include <string_view>
#include <system_error>
#include <utility>

#include <taxon/core/error.hpp>
#include <taxon/core/path.hpp>
#include <taxon/eval/dataset.hpp>
#include <taxon/io/text_lines.hpp>
#include <taxon/preprocess/picture_name.hpp>

namespace taxon::eval {

namespace detail {

using Path = std::filesystem::path;

[[noreturn]] inline void refuse_dataset(Fault fault, const Path& file, std::string_view place, std::string_view found,
                                        std::string_view wanted) {
    throw Error(fault,
                {.file = file.string(),
                 .place = place,
                 .found = found,
                 .wanted = wanted,
                 .remedy = "a data set is a folder with one subfolder per class, or a TSV of file and class index"});
}

TAXON_DECL bool is_folder(const Path& path) {
    std::error_code unreadable;
    return std::filesystem::is_directory(path, unreadable);
}

TAXON_DECL std::vector<Path> sorted_entries(const Path& folder) {
    std::error_code failure;
    std::vector<Path> entries;
    for (std::filesystem::directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure))
        entries.push_back(at->path());
    if (failure) refuse_dataset(Fault::io, folder, "", failure.message(), "a readable folder");
    std::sort(entries.begin(), entries.end(), [](const Path& a, const Path& b) { return a.native() < b.native(); });
    return entries;
}

TAXON_DECL void add_class_folder(Dataset& dataset, const Path& folder, int label) {
    for (const Path& entry : sorted_entries(folder)) {
        if (!preprocess::is_hidden_name(entry) && is_folder(entry))
            refuse_dataset(Fault::path, entry, "", "a folder inside a class folder", "picture files only");
        if (preprocess::is_picture_name(entry)) dataset.pictures.push_back({entry, label});
        else ++dataset.ignored;
    }
}

TAXON_DECL Dataset read_class_folders(const Path& root, std::optional<int> classes) {
    Dataset dataset;
    std::vector<Path> folders;
    for (const Path& entry : sorted_entries(root)) {
        if (!preprocess::is_hidden_name(entry) && is_folder(entry)) folders.push_back(entry);
        else ++dataset.ignored;
    }
    if (classes && folders.size() != static_cast<std::size_t>(*classes))
        refuse_dataset(Fault::mismatch, root, "", std::to_string(folders.size()) + " folders",
                       std::to_string(*classes) + ", one for each class of the model");
    for (const auto& [label, folder] : ranges::views::enumerate(folders)) {
        dataset.classes.push_back(folder.filename().string());
        const std::size_t before = dataset.pictures.size();
        add_class_folder(dataset, folder, static_cast<int>(label));
        if (dataset.pictures.size() == before) dataset.empty_classes.push_back(dataset.classes.back());
    }
    return dataset;
}

TAXON_DECL Dataset read_tsv(const Path& file, std::optional<int> classes) {
    Dataset dataset;
    const Path folder = file.parent_path();
    const auto see = [&](std::size_t index, std::string_view line) {
        if (line.empty()) return;
        const std::string place = io::line_place(index);
        const std::size_t tab = line.find('\t');
        if (tab == line.npos || tab == 0 || line.find('\t', tab + 1) != line.npos)
            refuse_dataset(Fault::syntax, file, place, "not two columns", "a file, a tab and a class index");
        const std::string name(line.substr(0, tab)), column(line.substr(tab + 1));
        if (index == 0 && (column == "class" || column == "label" || column == "index")) return;  // a heading
        int label = 0;
        const auto [end, failure] = std::from_chars(column.data(), column.data() + column.size(), label);
        if (failure != std::errc() || end != column.data() + column.size() || label < 0 ||
            (classes && label >= *classes))
            refuse_dataset(Fault::value, file, place, "\"" + column + "\"",
                           classes ? "a class index below " + std::to_string(*classes) : "a class index");
        std::error_code ignored;
        if (!std::filesystem::is_regular_file(folder / path_of(name), ignored))
            refuse_dataset(Fault::missing, file, place, "no file \"" + name + "\"",
                           "one, counted from the TSV's folder");
        dataset.pictures.push_back({folder / path_of(name), label});
    };
    io::for_each_line_of(file, see);
    return dataset;
}

}  // namespace detail

TAXON_DECL Dataset read_dataset(const std::filesystem::path& path, std::optional<int> classes) {
    Dataset dataset =
        detail::is_folder(path) ? detail::read_class_folders(path, classes) : detail::read_tsv(path, classes);
    if (dataset.pictures.empty()) detail::refuse_dataset(Fault::missing, path, "", "no pictures", "at least one");
    return dataset;
}

}  // namespace taxon::eval
