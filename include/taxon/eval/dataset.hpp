#pragma once
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <taxon/core/separate_compilation.hpp>
#include <taxon/eval/shard.hpp>

namespace taxon::eval {

/// A picture file and the index of its class.
struct LabelledPicture {
    std::filesystem::path file;
    int label = 0;
    friend bool operator==(const LabelledPicture&, const LabelledPicture&) = default;
};

/// Labelled pictures in a fixed order, independent of the file system's.
struct Dataset {
    std::vector<LabelledPicture> pictures;
    std::vector<std::string> classes;  ///< names of the class folders by index; empty if the labels came from a TSV
    std::vector<std::string> empty_classes{};  ///< names of those without pictures
    std::size_t ignored = 0;                   ///< files and hidden folders that were skipped
};

namespace detail {

/// The entries of a folder, sorted bytewise by name. Throws Fault::io.
TAXON_DECL std::vector<std::filesystem::path> sorted_entries(const std::filesystem::path& folder);

}  // namespace detail

/// Reads the data set at `path`, in order. A folder: each subfolder is a class, numbered by name in bytewise order; its
/// .jpg, .jpeg, .png and .bmp files (in either case) follow in the same order. Other files, and hidden folders beside
/// the classes', are skipped and counted. A file: one line per picture, its path (relative to the file's folder), a
/// tab, its class index; a first line whose second column is "class", "label" or "index" is a header. `classes`, if
/// given, is the model's number of classes. Throws Fault::io, ::syntax and ::value (with the line), ::missing (no such
/// picture, or none at all), ::path (a folder inside a class folder), ::mismatch (another number of folders than
/// classes), and as `io::for_each_line_of` does.
TAXON_DECL Dataset read_dataset(const std::filesystem::path& path, std::optional<int> classes = std::nullopt);

}  // namespace taxon::eval

#if !defined(TAXON_SEPARATE_COMPILATION)
#include <taxon/eval/impl/dataset.ipp>
#endif
