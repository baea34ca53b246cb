#pragma once
#include <algorithm>
#include <filesystem>
#include <span>
#include <string>
#include <taxon/app/model/model_entry.hpp>
#include <taxon/app/picture/picture_reader.hpp>
#include <taxon/core/error.hpp>
#include <taxon/core/planes.hpp>
#include <taxon/preprocess/picture_name.hpp>
#include <vector>

namespace taxon::app {

/// The picture files that a command line names.
struct PictureFiles {
    std::vector<std::filesystem::path> files;
    std::size_t skipped = 0;  ///< files in the folders that are not picture files
};

/// Expands the picture files that the command line names: files as they are, folders to the pictures directly in them,
/// sorted bytewise. Throws Fault::io for a missing file, Fault::missing for a folder without pictures.
inline PictureFiles picture_files(const std::vector<std::string>& inputs) {
    PictureFiles found;
    auto& files = found.files;
    for (const std::filesystem::path input : inputs) {
        std::error_code failure;
        const auto status = std::filesystem::status(input, failure);
        if (!std::filesystem::exists(status))
            throw Error(
                Fault::io,
                {.file = input.string(), .found = "no such file", .wanted = "a picture or a folder of pictures"});
        if (!std::filesystem::is_directory(status)) {
            files.push_back(input);
            continue;
        }
        const auto first = static_cast<std::ptrdiff_t>(files.size());
        for (const auto& entry : std::filesystem::directory_iterator(input)) {
            if (!entry.is_regular_file()) continue;
            if (preprocess::is_picture_name(entry.path())) files.push_back(entry.path());
            else ++found.skipped;
        }
        std::sort(files.begin() + first, files.end(),
                  [](const auto& a, const auto& b) { return a.native() < b.native(); });
        if (files.size() == static_cast<std::size_t>(first))
            throw Error(Fault::missing,
                        {.file = input.string(),
                         .found = "a folder without " + std::string(preprocess::picture_endings) + " files",
                         .wanted = "pictures"});
    }
    return found;
}

/// Reads a picture and preprocesses it for the network: (C, H, W) floats.
inline void read_tensor(const AnyModel& network, const ModelEntry& entry, const PictureReader& reader,
                        const std::filesystem::path& file, std::span<float> tensor) {
    reader.read(file, [&](const Image& picture) { network.preprocess(picture, planes_of(entry.input, tensor)); });
}

}  // namespace taxon::app
